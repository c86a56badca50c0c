/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_FOLIOS_BPF_H
#define MEMTRACE_CACHE_FOLIOS_BPF_H

/* What becomes of folios: of every mode that has BTF tracepoints.
 * Before 5.16 they are of pages.
 */
#include "lib/cache-events.bpf.h"
#include "lib/writes.bpf.h"

SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(page_inserted, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct address_space *mapping = folio->mapping;
	struct inode *inode = mapping->host;
	__u64 first = folio->index, file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = call_of(task);

	if (counts && call)
		pages_were_inserted(task, call, counts, file, first, first + folio_pages(folio));
	return 0;
}

SEC("tp_btf/mm_filemap_delete_from_page_cache")
int BPF_PROG(page_evicted, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct address_space *mapping = folio->mapping;
	struct inode *inode = mapping->host;
	__u64 first = folio->index, file = file_id(inode);
	struct page_counts *counts = use_of(inode, file, task);
	struct call *call = bpf_task_storage_get(&calls, task, 0, 0);

	/* What has been read and is dropped by the reader itself was read before. */
	if (call && call->generation != read_generation(task, call))
		end_read(task, call);
	if (counts)
		pages_evicted(counts, file, first, first + folio_pages(folio),
			      inode->i_nlink ? file_pages(inode) : 0,
			      !!(task->flags & PF_MEMALLOC));
	return 0;
}

SEC("tp_btf/writeback_dirty_folio")
int BPF_PROG(page_dirtied, struct folio *folio, struct address_space *mapping)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct page_counts *counts;
	struct inode *inode;
	__u64 file;

	if (!mapping)
		return 0;
	inode = mapping->host;
	file = file_id(inode);
	counts = use_of(inode, file, task);
	if (counts)
		pages_were_dirtied(task, counts, file, folio->index, folio_pages(folio));
	return 0;
}

#endif
