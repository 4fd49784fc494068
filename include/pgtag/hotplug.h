/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that comes and goes while pages are tagged.
 */
#ifndef PGTAG_HOTPLUG_H
#define PGTAG_HOTPLUG_H

struct pgtag_storage;

int pgtag_hotplug_watch(const struct pgtag_storage *storage);
void pgtag_hotplug_unwatch(void);

#endif
