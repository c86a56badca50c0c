/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_FOLIO_BPF_H
#define MEMTRACE_FOLIO_BPF_H

#include "lib/page-uses.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Before 5.16 (3f0c6a07fee6 "mm/filemap: Add filemap_add_folio()") the page cache
 * is of pages.
 */
struct page___cached {
	struct address_space *mapping;
	unsigned long index;
};

#pragma clang attribute pop

/* Pages of a file that come or go together. */
struct cached_pages {
	struct inode *inode;
	__u64 file;
	__u64 first;
	__u64 end;
};

/* `unit`: a struct folio or a struct page, as the kernel has it. */
static __always_inline struct cached_pages cached_pages_of(void *unit)
{
	struct cached_pages pages = {};

	if (bpf_core_field_exists(((struct folio *)0)->mapping)) {
		pages.inode = BPF_CORE_READ((struct folio *)unit, mapping, host);
		pages.first = BPF_CORE_READ((struct folio *)unit, index);
		pages.end = pages.first + folio_pages(unit);
	} else {
		pages.inode = BPF_CORE_READ((struct page___cached *)unit, mapping, host);
		pages.first = BPF_CORE_READ((struct page___cached *)unit, index);
		pages.end = pages.first + 1;
	}
	pages.file = file_id(pages.inode);
	return pages;
}

#endif
