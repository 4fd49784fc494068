#!/bin/bash
# pgtag plot: what gnuplot is told, and that it takes it.

. "$(dirname "$0")/lib.sh" || exit

# at SECONDS LINE...: allocinfo of that time.
at() {
	local file=$tmp/at-$1

	{
		echo "allocinfo - version: 2.0"
		echo "#     <size>  <calls> <tag info>"
		printf '%s \n' "${@:2}"
	} >"$file"
	touch -d "@$1" "$file"
}

at 1000 "8192 2 a+0x1 func:a" "4096 1 a+0x2 func:a" "4096 1 b+0x1 [m] func:b"
at 1060 "8192 2 a+0x1 func:a" "65536 16 b+0x1 [m] func:b" "4096 1 c+0x1 func:c\"'d"
at 1120 "4096 1 a+0x1 func:a"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	echo "$((i * 4096)) $i f$i+0x1 func:f$i"
done >"$tmp/many"
mapfile -t many <"$tmp/many"
at 100000 "${many[@]}"
at 200000 "${many[@]}"

mkdir "$tmp/bin"
printf '#!/bin/sh\nexec cat >"%s"\n' "$tmp/script" >"$tmp/bin/gnuplot"
chmod +x "$tmp/bin/gnuplot"
drawn() {
	PATH=$tmp/bin:$PATH "$PGTAG" plot "$@" -o "$tmp/picture.svg" &&
		grep -v '^set output' "$tmp/script"
}

exits 0 "three files" drawn "$tmp/at-1000" "$tmp/at-1060" "$tmp/at-1120"
printed plot.gnuplot "each function is a band on those below"
exits 0 "twelve functions" drawn "$tmp/at-100000" "$tmp/at-200000"
says out '^100000 0 12288 24576 ' "the least two are one"
says out "title 'all others'.*title 'f3'.*title 'f12'$" "below the others"
says out 'format x "%m-%d' "the day is told where it matters"
gzip -c "$tmp/at-1000" >"$tmp/packed"
touch -d @1000 "$tmp/packed"
exits 0 "what is packed" drawn "$tmp/packed" "$tmp/at-1060"

if command -v gnuplot >/dev/null; then
	for kind in svg png; do
		exits 0 "gnuplot draws $kind" "$PGTAG" plot "$tmp"/at-10?0 "$tmp/at-1120" \
			-o "$tmp/picture.$kind"
	done
	at 2000 "4096 1 a+0x1 func:\`>$tmp/run\`"
	exits 0 "a function with a strange name" "$PGTAG" plot "$tmp/at-1000" "$tmp/at-2000" \
		-o "$tmp/strange.svg"
	exits 0 "is nothing to be run" test ! -e "$tmp/run"
	exits 0 "one is SVG" grep -q '<svg' "$tmp/picture.svg"
	exits 0 "one is PNG" test "$(head -c 4 "$tmp/picture.png" | tail -c 3)" = PNG
else
	ok "gnuplot draws # SKIP no gnuplot"
fi
exits 5 "without gnuplot" env PATH=/nowhere "$PGTAG" plot "$tmp"/at-10?0 -o "$tmp/none.svg"
says err 'apt install gnuplot-nox' "how to get it is told"
exits 3 "one moment alone" "$PGTAG" plot "$tmp/at-1000" -o "$tmp/none.svg"
exits 3 "times in the wrong order" "$PGTAG" plot "$tmp/at-1060" "$tmp/at-1000" -o "$tmp/none.svg"
exits 3 "what is no recording" "$PGTAG" plot lib.sh -o "$tmp/none.svg"
exits 2 "no picture" "$PGTAG" plot "$tmp/at-1000"
exits 2 "a picture of no known kind" "$PGTAG" plot "$tmp"/at-10?0 -o "$tmp/none.jpg"
done_testing
