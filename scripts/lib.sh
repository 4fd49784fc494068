# shellcheck shell=bash
# What all scripts here share; to be sourced, not run.

set -euo pipefail
export LC_ALL=C

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${PGTAG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pgtag}
OUT=$ROOT/build
# When the first script of this run started: steps show the time since then.
export PGTAG_T0=${PGTAG_T0:-$(date +%s)}

# debian_arch NAME: Debian's name of an architecture, of uname's or the kernel's.
debian_arch() {
	case $1 in
	x86_64 | x86) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) echo "$1" ;;
	esac
}

# What is built and booted: this machine's architecture, if ARCH= does not say so. All
# that is kept of another has its name in its own.
HOST_ARCH=$(debian_arch "$(uname -m)")
ARCH=$(debian_arch "${ARCH:-$HOST_ARCH}")
FOREIGN=''
[ "$ARCH" = "$HOST_ARCH" ] || FOREIGN=.$ARCH

case $ARCH in
amd64)
	KERNEL_ARCH=x86
	TRIPLET=x86_64-linux-gnu
	QEMU="qemu-system-x86_64"
	QEMU_PACKAGES=(qemu-system-x86)
	;;
arm64)
	KERNEL_ARCH=arm64
	TRIPLET=aarch64-linux-gnu
	QEMU="qemu-system-aarch64"
	QEMU_PACKAGES=(qemu-system-arm qemu-efi-aarch64)
	# Has ACPI, which QEMU's machine has only with it.
	FIRMWARE=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd
	;;
*)
	echo "no such architecture: ARCH=$ARCH" >&2
	exit 1
	;;
esac
# The prefix of the compiler's name, and what Debian calls its package.
CROSS=''
CC_PACKAGE=gcc
if [ -n "$FOREIGN" ]; then
	CROSS=$TRIPLET-
	CC_PACKAGE=gcc-${TRIPLET//_/-}
fi

# A make above must not hand its own variables to the kernel's make.
unset MAKEFLAGS MFLAGS MAKELEVEL

# Print the comment at the head of the calling script.
usage() {
	sed -n '2,/^[^#]/{s/^# \?//p}' "$0"
}

# Answer --help, for scripts with no other options.
help_wanted() {
	case ${1:-} in
	-h | --help)
		usage
		exit 0
		;;
	esac
}

say() {
	printf '[%4ds] %s\n' $(($(date +%s) - PGTAG_T0)) "$*" >&2
}

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -- "$@"
	fi
}

# What the command pgtag is linked with: packages by the names they have in all suites.
CLI_LIBRARIES=(libdebuginfod-dev libdw-dev libjson-c-dev libncurses-dev
	libprotobuf-c-dev zlib1g-dev)

# cli_deps: have the packages that the command pgtag is built and tested with.
cli_deps() {
	"$ROOT/scripts/deps" "${CLI_LIBRARIES[@]}" clang gnuplot-nox libclang-rt-dev man-db \
		protobuf-c-compiler protobuf-compiler python3-prometheus-client tmux
}

# logged LOG COMMAND...: keep the command's output in LOG; when it fails, say
# where LOG is and show its end.
logged() {
	local log=$1 rc=0
	shift

	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 </dev/null || rc=$?
	if [ "$rc" -ne 0 ]; then
		say "failed; full log in $log:"
		tail -n 25 "$log" | sed 's/^/    /' >&2
	fi
	return "$rc"
}

# compiler_warnings LOG: what the compiler warned of in a build of the module; fails if
# there is nothing.
compiler_warnings() {
	grep -i 'warning:' "$1" | grep -vF \
		'warning: the compiler differs from the one used to build the kernel'
}

# locked NAME: wait for the cache's lock NAME and keep it until this script ends.
locked() {
	local fd

	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$1"
	if ! flock -n "$fd"; then
		say "waiting for another run ($1)"
		flock "$fd"
	fi
}

# toolchain_for CONFIG...: what the kernel's make is to be told for that to be had or kept:
# which compiler it is.
toolchain_for() {
	! grep -qx CONFIG_CC_IS_CLANG=y "$@" || echo LLVM=1
}

# fresh FILE MINUTES: FILE was written in the last MINUTES.
fresh() {
	[ -n "$(find "$1" -maxdepth 0 -mmin "-$2" 2>/dev/null)" ]
}

all_kernels() {
	sed 's/#.*//' "$ROOT/scripts/kernels" | awk 'NF { print $1 }'
}

# suite_of KERNEL: that of 6.12-debug is that of 6.12.
suite_of() {
	local suite

	if [ "$1" = newest ]; then
		echo sid
		return
	fi
	suite=$(sed 's/#.*//' "$ROOT/scripts/kernels" |
		awk -v k="${1%-*}" '$1 == k { print $2 }')
	[ -n "$suite" ] || die "kernel $1 is not in scripts/kernels"
	echo "$suite"
}

tree_of() {
	echo "$CACHE/tree/$1"
}

# in_tree SUITE COMMAND...: run a command as root inside the build tree, with a
# /proc and /dev of its own (objtool wants /proc).
in_tree() {
	local tree pass=() v

	tree=$(tree_of "$1")
	shift
	for v in http_proxy https_proxy no_proxy; do
		[ -z "${!v:-}" ] || pass+=("$v=${!v}")
	done
	as_root unshare --mount --propagation private sh -c '
		tree=$1; shift
		mount -t proc proc "$tree/proc" &&
		mount --rbind /dev "$tree/dev" &&
		exec chroot "$tree" /usr/bin/env -i "$@"' sh "$tree" \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "${pass[@]}" "$@"
}

# unpack_packages SUITE DIR PACKAGE...: have what these packages of ARCH hold in DIR.
unpack_packages() {
	local suite=$1 dir=$2 tree deb
	shift 2

	tree=$(tree_of "$suite")
	rm -rf "$dir"
	mkdir -p "$dir"
	logged "$CACHE/log/unpack-$suite" in_tree "$suite" sh -c '
		dir=/var/cache/pgtag; rm -rf $dir; mkdir -p $dir && cd $dir &&
		apt-get download "$@" && chmod -R a+rX .' sh "${@/%/:$ARCH}" || return
	for deb in "$tree"/var/cache/pgtag/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return
	done
	as_root rm -rf "$tree/var/cache/pgtag"
}

# debian_root SUITE DIR SOURCES PACKAGES [OPTION]...: have a small Debian with these
# packages, separated by commas, in DIR, without documentation. SOURCES is a
# sources.list, the options are mmdebstrap's.
debian_root() {
	local suite=$1 dir=$2 sources=$3 packages=$4
	shift 4

	as_root mmdebstrap --variant=minbase --include="$packages" \
		--aptopt="$CACHE/tree/$suite.apt.conf" \
		--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' "$@" \
		"$suite" "$dir" "$sources"
}

# kernel_info KERNEL FLAVOUR: set release, suite, headers, vmlinuz, vmlinux (unpacked)
# and modules to what scripts/fetch left for this kernel, and for one of our own slow,
# how many times as long a guest may take. And built: the name of what is built for it.
kernel_info() {
	local info=$CACHE/kernel/$1-$2

	[ -e "$info" ] || die "kernel $1 ($2) was not fetched"
	vmlinux=''
	# shellcheck disable=SC1090 # written by scripts/fetch
	. "$info"
	# One of our own unpacks itself.
	vmlinux=${vmlinux:-${vmlinuz:-}}
	built=$release
	# Nor does it say what machine it is for.
	[[ $release = *$ARCH ]] || built+=.$ARCH
}

# What every guest has in common.
GUEST_MACHINE=(-nodefaults -display none -no-reboot)
GUEST_WORDS=(panic_on_warn=1 oops=panic panic=-1 loglevel=7)
# The console, and the line on which nothing comes but what the test prints: how QEMU is
# told, and the kernel. no_timer_check: on a busy host the guest's first timer ticks come
# late, and the kernel would panic for an IO-APIC that does not work.
case $ARCH in
amd64)
	GUEST_WORDS+=(console=ttyS0 pgtag_line=ttyS1 no_timer_check)
	GUEST_LINE=(-serial chardev:line)
	;;
arm64)
	GUEST_MACHINE+=(-M "virt,gic-version=3")
	GUEST_WORDS+=(console=ttyAMA0 pgtag_line=ttyS0)
	GUEST_LINE=(-device "pci-serial,chardev=line")
	;;
esac

# What a guest's kernel says before anything runs that is this project's.
GUEST_INIT='Run /init as init process'

# expect_init PID LOG: end QEMU if the guest has not come so far in two minutes.
expect_init() {
	local left=$((120 * ${slow:-1}))

	until grep -aqs "$GUEST_INIT" "$2"; do
		sleep 1
		kill -0 "$1" || return
		left=$((left - 1))
		[ $left -gt 0 ] || kill "$1"
	done
} >/dev/null 2>&1

# run_qemu_once SECONDS LOG TAP ARGUMENT...
run_qemu_once() {
	local seconds=$1 log=$2 tap=$3 said qemu
	shift 3

	rm -f "$log" "$tap"
	said=$(mktemp)
	timeout -k 5 "$seconds" "$QEMU" "${GUEST_MACHINE[@]}" -serial "file:$log" \
		-chardev "file,id=line,path=$tap" "${GUEST_LINE[@]}" "$@" \
		</dev/null >"$said" 2>&1 &
	qemu=$!
	# shellcheck disable=SC2064 # this process
	trap "kill $qemu; exit 130" INT TERM
	expect_init $qemu "$log" &
	wait $qemu || echo "qemu ended with status $? (124: after $seconds s)" >>"$said"
	trap - INT TERM
	[ ! -s "$said" ] || sed 's/^/qemu: /' "$said" >>"$log"
	rm "$said"
}

# run_qemu SECONDS LOG TAP ARGUMENT...: run QEMU with these arguments, no longer than so
# many seconds. The guest's console goes to LOG, what its test prints to TAP.
#
# A kernel that hangs while it boots is tried once more. Once in some thousand boots
# one did not come back from where the kernel stops all CPUs to switch to another
# clocksource; what there was of it stays in LOG.hung.
run_qemu() {
	mkdir -p "$(dirname "$2")"
	run_qemu_once "$@"
	if ! grep -aqs "$GUEST_INIT" "$2"; then
		mv "$2" "$2.hung"
		echo "# $2.hung: the guest did not come to its init, another try"
		run_qemu_once "$@"
	fi
}
