/* What the kernel allocates on behalf of a process: a pipe is a block by alloc_pipe_info(). */
#include "serve.h"

enum { MOST = 500 };
static int ends[MOST][2];
static long opened;

static void run_open_pipes(long count)
{
	while (count-- > 0 && opened < MOST && pipe(ends[opened]) == 0)
		opened++;
}

static void run_close_pipes(long count)
{
	while (count-- > 0 && opened > 0) {
		opened--;
		close(ends[opened][0]);
		close(ends[opened][1]);
	}
}

static const struct step steps[] = {
	{ "open_pipes", run_open_pipes },
	{ "close_pipes", run_close_pipes },
	{ NULL, NULL },
};

int main(void)
{
	return serve(steps);
}
