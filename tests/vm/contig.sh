# shellcheck shell=dash
# Ranges of pages that are allocated at their place, which no trace event tells.
. ./lib.sh

load_helper
load

check_case contig 2 512 512 512
check_case contig 1 1024 1024 1024
audit_ok "contiguous ranges: audit"

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
