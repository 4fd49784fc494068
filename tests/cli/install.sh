#!/bin/bash
# What is installed: the command, its manual pages, its completion; and nothing is left.

. "$(dirname "$0")/lib.sh" || exit

to=$tmp/root
# That which is tested: guests may be building the other one just now.
built=$(dirname "$PGTAG")
exits 0 "make install-cli" make -s -C ../.. install-cli out="$built" DESTDIR="$to"
(cd "$to" && find . -type f | sort) >"$tmp/out"
printed installed "these files"
for page in "$to"/usr/share/man/man*/*; do
	name=$(basename "$page")
	exits 0 "$name can be read" man --warnings -l -Tutf8 "$page"
	silent "$name is well-formed"
	exits 0 "$name has the way out" grep -q module_blacklist=pgtag_compress "$page"
done
"$PGTAG" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | while read -r command; do
	grep -Eq "^\.B[IR]? .*\b$command\b" "$to/usr/share/man/man8/pgtag.8" || echo "$command"
done >"$tmp/missing"
exits 0 "pgtag(8) has every command" diff /dev/null "$tmp/missing"

# complete WORD...: what the last word may become.
complete_words() {
	PATH=$to/usr/sbin:$PATH bash -c '. "$1"; shift; COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1)); _pgtag; printf "%s\n" "${COMPREPLY[@]}"' - \
		"$to/usr/share/bash-completion/completions/pgtag" "$@"
}
exits 0 "completion of a command" complete_words pgtag re
says out '^record$' "has record"
says out '^report$' "and report"
exits 0 "completion of an option" complete_words pgtag show --m
says out '^--module$' "has --module"

exits 0 "make uninstall-cli" make -s -C ../.. uninstall-cli DESTDIR="$to"
exits 0 "leaves nothing" test -z "$(find "$to" -type f)"

done_testing
