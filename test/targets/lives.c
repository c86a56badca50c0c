/*
 * Processes that beget and become others: fork, exec, dlopen, an early constructor, and the end of
 * it all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

#include "serve.h"

#pragma GCC diagnostic ignored "-Wunused-result"

static char **arguments;
static int orders[2];
static const struct step steps[];

/* 1 block of 333 bytes, before main(). */
STEP void by_constructor(void)
{
	void *block = malloc(333);

	KEEP(block);
}

__attribute__((constructor)) static void early(void)
{
	by_constructor();
}

/* 1 block of 100 bytes, in whichever process it is called. */
STEP void by_life(void)
{
	void *block = malloc(100);

	KEEP(block);
}

/* 1 block of 200 bytes, in a child that did not wait to be noticed. */
STEP void by_hasty_child(void)
{
	void *block = malloc(200);

	KEEP(block);
}

static void raise_child(long hasty)
{
	char line[256];

	if (pipe(orders) || fork())
		return;
	for (long i = 0; i < hasty; i++)
		by_hasty_child();
	say_number("child", (unsigned long)getpid());
	close(orders[1]);
	while (next_line(orders[0], line, sizeof line))
		obey(steps, line);
	_exit(0);
}

/* A child that waits for orders. */
static void run_fork(long count)
{
	(void)count;
	raise_child(0);
}

/* A child that takes `count` blocks at once, and then waits for orders. */
static void run_hasty_fork(long count)
{
	raise_child(count);
}

/* Has the child run by_life once for each count. */
static void run_order(long count)
{
	char line[64] = "by_life ";
	size_t length = 8 + put_number(line + 8, (unsigned long)count);

	line[length++] = '\n';
	if (write(orders[1], line, length) < 0)
		_exit(3);
}

/* Ends the child and waits for it. */
static void run_bury(long count)
{
	(void)count;
	close(orders[1]);
	wait(NULL);
}

/* Frees in the child what its parent allocated: the parent's block stays. */
static void *heirloom;

STEP void by_parent(void)
{
	heirloom = malloc(500);
	KEEP(heirloom);
}

static void run_fork_and_free(long count)
{
	(void)count;
	pid_t child = fork();

	if (child == 0) {
		free(heirloom);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

/* Runs `count` other programs, one after the other, by vfork() and exec. */
static void run_spawn(long count)
{
	static char *command[] = { "true", NULL };

	while (count-- > 0) {
		pid_t child;

		if (posix_spawn(&child, "/bin/true", NULL, NULL, command, command + 1) == 0)
			waitpid(child, NULL, 0);
	}
}

static void *become(void *none)
{
	execv("/proc/self/exe", arguments);
	return none;
}

/* Becomes itself again, by a thread that is not the first. */
static void run_exec_by_thread(long count)
{
	pthread_t thread;

	(void)count;
	pthread_create(&thread, NULL, become, NULL);
	pause();
}

/* Becomes itself again, through a new image. */
static void run_exec(long count)
{
	(void)count;
	execv("/proc/self/exe", arguments);
}

static void *(*foreign_malloc)(size_t);
static char library_path[256];
static char library_symbol[64];

static void run_dlopen(long count)
{
	(void)count;
	next_line(0, library_path, sizeof library_path);
	next_line(0, library_symbol, sizeof library_symbol);
	void *library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);

	foreign_malloc = library ? (void *(*)(size_t))dlsym(library, library_symbol) : NULL;
	say("loaded", foreign_malloc ? "yes" : "no");
}

/* 1 block of 777 bytes, from the allocator that dlopen() brought. */
STEP void by_foreign(void)
{
	void *block = foreign_malloc(777);

	KEEP(block);
}

TIMES(by_life)
TIMES(by_parent)
TIMES(by_foreign)

static const struct step steps[] = {
	{ "by_life", run_by_life },
	{ "by_parent", run_by_parent },
	{ "by_foreign", run_by_foreign },
	{ "fork", run_fork },
	{ "hasty_fork", run_hasty_fork },
	{ "order", run_order },
	{ "bury", run_bury },
	{ "fork_and_free", run_fork_and_free },
	{ "exec", run_exec },
	{ "exec_by_thread", run_exec_by_thread },
	{ "spawn", run_spawn },
	{ "dlopen", run_dlopen },
	{ NULL, NULL },
};

int main(int count, char **values)
{
	arguments = values;
	for (int i = 1; i < count; i++)
		say("argument", values[i]);
	return serve(steps);
}
