/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_MAP_BPF_H
#define MEMTRACE_MAP_BPF_H

#include <bpf/bpf_helpers.h>

#define ENOENT 2
#define E2BIG 7
#define EBUSY 16
#define EEXIST 17

/* Puts in what is not there yet: 0, or a negative error number. The kernel's
 * function returned an int before 6.4 (d7ba4cc900bf "bpf: return long from
 * bpf_map_ops funcs"): what is above it in the register is not its sign.
 */
#define map_add(map, key, value) ((int)bpf_map_update_elem(map, key, value, BPF_NOEXIST))

/* Of what map_add() returned: the table is full, or there is no memory for it now. */
static __always_inline int is_refused(int error)
{
	return error && error != -EEXIST;
}

#endif
