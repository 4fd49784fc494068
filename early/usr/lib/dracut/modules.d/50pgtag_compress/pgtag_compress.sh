#!/bin/sh
# dracut sources this; the script ends in exit.
/sbin/pgtag_compress-early
