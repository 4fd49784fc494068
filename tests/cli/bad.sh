#!/bin/bash
# How the command is called wrongly, and fed what is no allocinfo.

. "$(dirname "$0")/lib.sh" || exit

exits 0 "--help" "$PGTAG" --help
exits 0 "--version" "$PGTAG" --version
exits 2 "without a command" "$PGTAG"
exits 2 "a command that there is not" "$PGTAG" frobnicate
says err 'no such command: frobnicate' "is named"
commands=$("$PGTAG" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for command in $commands; do
	exits 0 "$command --help" "$PGTAG" "$command" --help
	says out '^example: .*pgtag ' "$command --help has an example"
	exits 0 "help $command" "$PGTAG" help "$command"
	exits 2 "$command with an option that it has not" "$PGTAG" "$command" --frobnicate
done
exits 5 "output that cannot be written" sh -c "\"\$PGTAG\" --help >/dev/full"
says err 'stdout: No space left' "is told"
done_testing
