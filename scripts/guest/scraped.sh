# shellcheck shell=dash
# Run in the guest by scripts/check-scrape, pgtag_machine=1 and 2: what the module counts
# is exported as the timer in contrib/ does it, and node_exporter has it at PORT of the
# host, until somebody calls at DONE.
# vm: smp=1 timeout=900 cli=yes packages="prometheus-node-exporter" kmods="virtio_net"
# vm: qemu="-nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:PORT-:9100,hostfwd=tcp:127.0.0.1:DONE-:9101"
. ./lib.sh

DIR=/tmp/textfile

exported() {
	in_debian /tests/pgtag export --prometheus -o $DIR/pgtag.prom
}

kernel_module virtio_net || bail "there is a network"
ifconfig eth0 10.0.2.15 up
load
load_helper
helper alloc alloc_pages $((pgtag_machine * 1000)) 0
mkdir $DIR
passes "pgtag export" exported
while sleep 5; do
	exported
done &
in_debian prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory=$DIR --web.listen-address=:9100 >/tmp/exporter 2>&1 &
passes "somebody calls" timeout 800 nc -l -p 9101
diag "$(cat /tmp/exporter)"
done_testing
