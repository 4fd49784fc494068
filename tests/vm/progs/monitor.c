// SPDX-License-Identifier: GPL-2.0
/*
 * monitor COMMAND: have QEMU's monitor do this. The machine has a debug console
 * that leads there, see "monitor" in scripts/vm; nothing comes back.
 */
#include <stdio.h>
#include <sys/io.h>

#define PORT 0xe9

int main(int argc, char **argv)
{
	const char *c;

	if (argc != 2) {
		fprintf(stderr, "usage: monitor COMMAND\n");
		return 1;
	}
	if (ioperm(PORT, 1, 1)) {
		perror("monitor");
		return 1;
	}
	for (c = argv[1]; *c; c++)
		outb(*c, PORT);
	outb('\n', PORT);
	return 0;
}
