// SPDX-License-Identifier: GPL-2.0
/*
 * From a return address to source lines, by libdwfl. A site is known by symbol and
 * offset and not by its address, so files will do: any kernel's that is installed, or
 * unpacked somewhere, and those of a module that has gone.
 */
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgtag.h"
#include "progress.h"
#include "symbols.h"

/* What libdwfl calls the kernel itself. */
#define KERNEL	"kernel"

struct symbols {
	Dwfl *dwfl;
};

/* Which modules are to be opened, for a callback that is told nothing. */
static const char *const *wanted;
static size_t nr_wanted;
static struct symbols *wanted_by;

static const char *dwfl_name(const char *module)
{
	return *module ? module : KERNEL;
}

struct find_module {
	const char *name;
	Dwfl_Module *found;
};

static int is_module(Dwfl_Module *module, void **data, const char *name,
		     Dwarf_Addr start, void *context)
{
	struct find_module *find = context;

	(void)data;
	(void)start;
	if (strcmp(name, find->name))
		return DWARF_CB_OK;
	find->found = module;
	return DWARF_CB_ABORT;
}

static Dwfl_Module *find_module(struct symbols *symbols, const char *module)
{
	struct find_module find = { .name = dwfl_name(module) };

	dwfl_getmodules(symbols->dwfl, is_module, &find, 0);
	return find.found;
}

/* The name is as of a file, and may have dashes. */
static bool same_module(const char *name, const char *module)
{
	for (; *name && *module; name++, module++) {
		if (*name != *module && (*name != '-' || *module != '_'))
			return false;
	}
	return !*name && !*module;
}

static int is_wanted(const char *name, const char *file)
{
	size_t i;

	(void)file;
	for (i = 0; i < nr_wanted; i++) {
		if (same_module(name, dwfl_name(wanted[i])))
			return !find_module(wanted_by, wanted[i]);
	}
	return 0;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/**
 * symbols_open - open what there is of a kernel and some of its modules
 * @release: of the kernel
 * @debug_dir: where lib/modules/@release with debug information is, as in
 *	/usr/lib/debug
 * @modules: which modules, "" for the kernel itself
 * @nr: how many
 *
 * What is not found is not there; symbols_build_id() tells.
 */
struct symbols *symbols_open(const char *release, const char *debug_dir,
			     const char *const *modules, size_t nr)
{
	struct symbols *symbols = xrealloc(NULL, 1, sizeof(*symbols));
	char *dir;

	symbols->dwfl = dwfl_begin(&callbacks);
	if (!symbols->dwfl || asprintf(&dir, "%s/lib/modules/%s", debug_dir, release) < 0) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	wanted = modules;
	nr_wanted = nr;
	wanted_by = symbols;
	dwfl_report_begin(symbols->dwfl);
	dwfl_linux_kernel_report_offline(symbols->dwfl, dir, is_wanted);
	dwfl_linux_kernel_report_offline(symbols->dwfl, release, is_wanted);
	dwfl_report_end(symbols->dwfl, NULL, NULL);
	free(dir);
	return symbols;
}

/**
 * symbols_close - forget it
 * @symbols: from symbols_open()
 */
void symbols_close(struct symbols *symbols)
{
	dwfl_end(symbols->dwfl);
	free(symbols);
}

/**
 * symbols_build_id - which build of a module is it?
 * @symbols: from symbols_open()
 * @module: its name, "" for the kernel itself
 * @id: result in hex, of BUILD_ID_TEXT bytes
 *
 * Return: false if there is no file of that module, or no build-id in it.
 */
bool symbols_build_id(struct symbols *symbols, const char *module, char *id)
{
	Dwfl_Module *found = find_module(symbols, module);
	const unsigned char *bits;
	GElf_Addr where;
	Elf *elf;
	int i, length;

	/* Before the file is opened nobody has read what is in it. */
	elf = found ? dwfl_module_getelf(found, &where) : NULL;
	length = elf ? dwfl_module_build_id(found, &bits, &where) : 0;
	if (length <= 0 || length > BUILD_ID_MOST)
		return false;
	for (i = 0; i < length; i++)
		sprintf(id + 2 * i, "%02x", bits[i]);
	return true;
}

/* --- from names to addresses --- */

/* A symbol may be there several times: functions of different files. */
struct candidate {
	struct place *place;
	GElf_Addr address;
};

struct candidates {
	struct candidate *at;
	size_t nr, room;
};

static int by_symbol(const void *a, const void *b)
{
	const struct place *const *left = a, *const *right = b;

	return strcmp((*left)->symbol, (*right)->symbol);
}

static int by_address(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return (left->address > right->address) - (left->address < right->address);
}

/* The first of the sorted places with this symbol, or where it would be. */
static size_t first_of(struct place *const *places, size_t nr, const char *symbol)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(places[middle]->symbol, symbol) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_candidates(struct candidates *candidates, struct place **places,
			   size_t nr, const char *symbol, GElf_Addr address,
			   GElf_Xword size)
{
	size_t i;

	for (i = first_of(places, nr, symbol);
	     i < nr && !strcmp(places[i]->symbol, symbol); i++) {
		/* What is written in assembler has no size. */
		if (size && places[i]->offset > size)
			continue;
		if (candidates->nr == candidates->room) {
			candidates->room = 2 * candidates->room + 64;
			candidates->at = xrealloc(candidates->at, candidates->room,
						  sizeof(*candidates->at));
		}
		candidates->at[candidates->nr++] = (struct candidate){
			.place = places[i], .address = address + places[i]->offset,
		};
	}
}

static bool is_code(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

static struct candidates find_candidates(Dwfl_Module *module, struct place **places,
					 size_t nr)
{
	struct candidates candidates = { };
	int i, symbols = dwfl_module_getsymtab(module);

	for (i = 0; i < symbols; i++) {
		GElf_Addr address;
		GElf_Sym symbol;
		const char *name = dwfl_module_getsym_info(module, i, &symbol,
							   &address, NULL, NULL,
							   NULL);

		if (name && is_code(&symbol))
			add_candidates(&candidates, places, nr, name, address,
				       symbol.st_size);
	}
	qsort(candidates.at, candidates.nr, sizeof(*candidates.at), by_address);
	return candidates;
}

/*
 * Of several symbols with one name it may be any that has a call there; if these have
 * different lines, nobody knows.
 */
static void take_frames(struct place *place, struct frames *frames)
{
	if (!place->frames.nr) {
		place->frames = *frames;
		return;
	}
	place->ambiguous |= !frames_equal(&place->frames, frames);
	frames_free(frames);
}

/**
 * symbols_resolve - find the source of call sites
 * @symbols: from symbols_open()
 * @module: where they are, "" for the kernel itself
 * @places: the sites, which will be in order of symbols
 * @nr: how many
 *
 * Return: false if there is no debug information of that module.
 */
bool symbols_resolve(struct symbols *symbols, const char *module,
		     struct place **places, size_t nr)
{
	Dwfl_Module *found = find_module(symbols, module);
	struct candidates candidates;
	struct unit unit = { };
	struct frames frames;
	Dwarf_Addr bias;
	size_t i;

	if (!found || !dwfl_module_getdwarf(found, &bias))
		return false;
	qsort(places, nr, sizeof(*places), by_symbol);
	candidates = find_candidates(found, places, nr);
	for (i = 0; i < candidates.nr; i++) {
		progress_step();
		if (frames_at(&frames, &unit, found, candidates.at[i].address))
			take_frames(candidates.at[i].place, &frames);
	}
	for (i = 0; i < nr; i++) {
		if (places[i]->ambiguous)
			frames_free(&places[i]->frames);
		places[i]->known = true;
	}
	unit_forget(&unit);
	free(candidates.at);
	return true;
}
