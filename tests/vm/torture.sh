# shellcheck shell=dash
# Everything a page can go through, on four CPUs at once, and nothing is counted
# wrongly.
# vm: smp="4,sockets=2" mem=2G timeout=7200 kmods="zram lzo-rle hwpoison_inject"
# vm: append="numa_balancing=disable init_on_alloc=0"
# vm: qemu="-object memory-backend-ram,id=m0,size=1G -object memory-backend-ram,id=m1,size=1G -numa node,nodeid=0,cpus=0-1,memdev=m0 -numa node,nodeid=1,cpus=2-3,memdev=m1"
# vm: kaslr=yes mte=yes files="tests/vm/lib/everything.sh"
. ./lib.sh
. ./everything.sh

torture
done_testing
