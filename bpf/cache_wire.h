/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
#ifndef MEMTRACE_CACHE_WIRE_H
#define MEMTRACE_CACHE_WIRE_H

/* What the page-cache programs write and user space reads, by the names in the
 * object's BTF.
 */
#include "wire.h"

#define FILE_SYSTEM_NAME_LENGTH 16

enum cache_loss_reason {
	CACHE_LOSS_USES_FULL,
	CACHE_LOSS_FILES_FULL,
	CACHE_LOSS_MARKS_FULL,
	CACHE_LOSS_PROCESSES_FULL,
	CACHE_LOSS_THREADS_FULL,
	CACHE_LOSS_LONG_CALL,
	CACHE_LOSS_UNSEEN_END,
	CACHE_LOSS_REASONS,
};

/* Who used what. One entry for each CPU that it was used on: no cache line is
 * written by two of them.
 */
struct use_key {
	__u64 file;
	__u64 process;
	__u64 cgroup;
	__u32 cpu;
	__u32 zero;
};

/* Pages; design: accesses - misses - read_ahead are hits. */
struct page_counts {
	__u64 accesses;
	__u64 faults;
	__u64 misses;
	__u64 read_ahead;
	__u64 writes;
	__u64 write_misses;
	__u64 dirtied;
	__u64 filled;
	__u64 evicted;
	__u64 reclaimed;
	__u64 refaulted;
	__u64 wasted;
	__u64 direct;
};

/* An inode at the time when it was first seen; sizes, links and resident pages
 * as of the latest refresh.
 */
struct file_facts {
	__u64 inode_address;
	__u64 inode;
	__u64 magic;
	__u64 size_bytes;
	__u64 resident_pages;
	__u32 device;
	__u32 generation;
	__u32 links;
	/* A process that used it. */
	__u32 pid;
	/* The inode is not in memory any more. */
	__u32 gone;
	/* The one that this process was in, by its inode number; 0: none any more. */
	__u32 mount_namespace;
	/* Nothing of it is still to be written. */
	__u32 is_whole;
	__u32 zero;
	char file_system[FILE_SYSTEM_NAME_LENGTH];
	struct file_names names;
};

struct process_facts {
	__u32 pid;
	__u32 uid;
	__u32 is_kernel_thread;
	__u32 zero;
	char command[COMMAND_LENGTH];
};

#define MAX_SUPERS 65536

/* Where a walk through all inodes stands; all zero: at its beginning. */
struct resident_walk {
	__u64 first_super;
	__u64 super;
	/* In the super block's list of inodes; 0: the next super block is due. */
	__u64 entry;
	__u64 inodes;
	__u32 supers;
	/* Times that the place was lost, and with it the rest of a super block. */
	__u32 lost;
	__u32 done;
	/* The super block was written. */
	__u32 told;
	/* Wanted inodes that it has not met so far. */
	__u32 left;
	__u32 zero;
};

/* What the walk writes: which of the two it is, the address tells. */
struct resident_super {
	__u64 zero;
	__u32 super;
	__u32 device;
	__u64 magic;
	char file_system[FILE_SYSTEM_NAME_LENGTH];
};

struct resident_inode {
	__u64 inode_address;
	__u64 pages;
	__u32 super;
	/* Inode number, at most 2^32 - 1: the first ones are not files. */
	__u32 number;
};

#define MAX_OPEN_PATHS 1024
#define PATH_LENGTH 4096

/* A file by what user space knows of it: its super block's device. */
struct file_key {
	__u64 inode;
	__u32 device;
	__u32 zero;
};

struct open_path {
	/* With the NUL; 0: nobody has it open. */
	__u32 length;
	char path[PATH_LENGTH];
};

#endif
