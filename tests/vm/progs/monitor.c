// SPDX-License-Identifier: GPL-2.0
/*
 * monitor COMMAND: have QEMU's monitor do this. The machine has a debug console
 * that leads there, or another serial line, see "monitor" in scripts/vm; nothing comes
 * back.
 */
#include <stdio.h>

#ifdef __x86_64__
#include <sys/io.h>

#define PORT 0xe9

static int say(const char *text)
{
	if (ioperm(PORT, 1, 1))
		return -1;
	for (; *text; text++)
		outb(*text, PORT);
	outb('\n', PORT);
	return 0;
}

#else
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

/*
 * What the monitor answers must not be echoed: it would be taken for commands. When the
 * line is opened for the first time, some of its greeting is; that ends with a line.
 */
static int say(const char *text)
{
	int line = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	struct termios how;

	if (line < 0 || tcgetattr(line, &how))
		return -1;
	cfmakeraw(&how);
	if (tcsetattr(line, TCSANOW, &how) || dprintf(line, "\n%s\n", text) < 0 ||
	    tcdrain(line))
		return -1;
	return close(line);
}

#endif

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: monitor COMMAND\n");
		return 1;
	}
	if (say(argv[1])) {
		perror("monitor");
		return 1;
	}
	return 0;
}
