# shellcheck shell=dash
# For 1,000 sites on 16 CPUs the module takes at most 1 MiB.
# vm: smp=16 append="maxcpus=2" kernels=ends
. ./lib.sh

# The widest there is has room for them everywhere.
load field=cpupid
modload /modules/pgtag_many.ko sites=1000 || bail "pgtag_many loads" "errno $?"
at_least "$(status_value tags)" 1000 "there are a thousand sites"
memory=$(status_value 'tag memory' | cut -d' ' -f1)
core=$(cat /sys/module/pgtag_compress/coresize)
diag "$(status_value tags) tags: $memory bytes, the module itself $core"
at_least 1048576 $((memory + core)) "all told no more than 1 MiB"
rmmod pgtag_many
unload
done_testing
