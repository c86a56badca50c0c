/* Runs a command once it is told to, so that probes can stand before its first
 * instruction: waits for a byte on descriptor 3, then becomes the command. If
 * that fails, errno goes to descriptor 4 as four bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char go;

	fcntl(3, F_SETFD, FD_CLOEXEC);
	fcntl(4, F_SETFD, FD_CLOEXEC);
	if (argc < 2 || read(3, &go, 1) != 1)
		return 125;
	execvp(argv[1], argv + 1);
	if (write(4, &errno, sizeof(errno)) < 0)
		return 126;
	return 127;
}
