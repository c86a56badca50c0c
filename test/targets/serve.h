/*
 * What every truth program shares: a table of steps, and a loop that takes one command a line from
 * stdin ("NAME COUNT"), runs that step COUNT times and answers "done NAME". It talks by read(2)
 * and write(2) alone, because stdio would allocate: a step's own allocations are all that happens
 * between two answers.
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
#define C_NAMED extern "C"
#else
#define C_NAMED
#endif

/*
 * A function with a frame, a name and a return address of its own, whatever the optimizer thinks
 * of it.
 */
#define STEP C_NAMED __attribute__((noipa, used))
/* Keeps a call from becoming a tail call, and a block from being optimized away. */
#define KEEP(block) __asm__ volatile("" : : "r"(block) : "memory")
/* The same where there is no block any more. */
#define STAY() __asm__ volatile("" : : : "memory")

struct step {
	const char *name;
	void (*run)(long count);
};

/* A step that repeats the same call: TIMES(by_malloc_small) defines run_by_malloc_small(). */
#define TIMES(function)                        \
	static void run_##function(long count) \
	{                                      \
		while (count-- > 0)            \
			function();            \
	}

/* One row of the table of steps. */
/* clang-format off */
#define ROW(function) {#function, run_##function}
/* clang-format on */

static inline size_t put_text(char *at, const char *text)
{
	size_t length = strlen(text);

	memcpy(at, text, length);
	return length;
}

static inline size_t put_number(char *at, unsigned long number)
{
	char digits[20];
	size_t length = 0;

	do
		digits[length++] = (char)('0' + number % 10);
	while (number /= 10);
	for (size_t i = 0; i < length; i++)
		at[i] = digits[length - 1 - i];
	return length;
}

static inline void say(const char *word, const char *text)
{
	char line[256];
	size_t length = put_text(line, word);

	line[length++] = ' ';
	length += put_text(line + length, text);
	line[length++] = '\n';
	if (write(1, line, length) < 0)
		_exit(3);
}

static inline void say_number(const char *word, unsigned long number)
{
	char text[24];

	text[put_number(text, number)] = 0;
	say(word, text);
}

static inline int next_line(int fd, char *line, size_t room)
{
	size_t length = 0;

	for (;;) {
		char c;

		if (read(fd, &c, 1) != 1)
			return 0;
		if (c == '\n')
			break;
		if (length + 1 < room)
			line[length++] = c;
	}
	line[length] = 0;
	return 1;
}

/* Runs one command; answers "done NAME", or "unknown NAME" when there is no such step. */
static inline void obey(const struct step *steps, char *line)
{
	char *count = strchr(line, ' ');

	if (count)
		*count++ = 0;
	for (; steps->name; steps++) {
		if (strcmp(steps->name, line) != 0)
			continue;
		steps->run(count ? strtol(count, NULL, 10) : 1);
		say("done", line);
		return;
	}
	say("unknown", line);
}

/* The main loop: until end of file, or the command "exit CODE". */
static inline int serve(const struct step *steps)
{
	char line[256];

	say_number("ready", (unsigned long)getpid());
	while (next_line(0, line, sizeof line)) {
		if (strncmp(line, "exit", 4) == 0)
			return (int)strtol(line + 4, NULL, 10);
		obey(steps, line);
	}
	return 0;
}

#endif
