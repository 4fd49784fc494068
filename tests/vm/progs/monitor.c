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

static int say(const char *text)
{
	FILE *line = fopen("/dev/ttyS1", "w");

	if (!line)
		return -1;
	fprintf(line, "%s\n", text);
	return fclose(line);
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
