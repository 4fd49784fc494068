#!/bin/bash
# pgtag layout and audit: what they make of the module's files.

. "$(dirname "$0")/lib.sh" || exit

exits 0 "layout" "$PGTAG" layout -i data/6.12.layout
printed layout "a bar and what it means"
exits 3 "what is no layout" "$PGTAG" layout -i data/6.12.allocinfo
exits 0 "audit" "$PGTAG" audit -i data/6.12.audit
says out '^audit: ok$' "is shown"
sed 's/ok/2 differ/' data/6.12.audit >"$tmp/audit"
exits 1 "an audit with differences" "$PGTAG" audit -i "$tmp/audit"
exits 3 "what is no audit" "$PGTAG" audit -i data/6.12.layout

done_testing
