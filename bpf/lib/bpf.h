/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_BPF_H
#define MEMTRACE_BPF_H

/* UAPI headers only: an object that includes no more than this loads on a
 * kernel without BTF.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lib/map.bpf.h"
#include "wire.h"

#endif
