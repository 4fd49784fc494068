// SPDX-License-Identifier: GPL-2.0
/*
 * From a return address to source lines, by libdwfl. A site is known by symbol and
 * offset and not by its address, so files will do: any kernel's that is installed, or
 * unpacked somewhere, and those of a module that has gone.
 */
#include <elfutils/debuginfod.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgtag.h"
#include "progress.h"
#include "symbols.h"

/* What libdwfl calls the kernel itself. */
#define KERNEL	"kernel"

struct symbols {
	Dwfl *dwfl;
};

/* What is being opened, for a callback that is told nothing. */
static const struct symbols_options *opening;
static struct symbols *opened;

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
	for (i = 0; i < opening->nr; i++) {
		if (same_module(name, dwfl_name(opening->modules[i])))
			return !find_module(opened, opening->modules[i]);
	}
	return 0;
}

/* The kernel itself comes first, as libdwfl wants it. */
static int is_kernel(const char *name, const char *file)
{
	return !strcmp(name, KERNEL) && is_wanted(name, file);
}

static int is_module_wanted(const char *name, const char *file)
{
	return strcmp(name, KERNEL) && is_wanted(name, file);
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

/* Servers are asked if the user asks for it, and not because there is a variable. */
static void limit_servers(unsigned int seconds)
{
	char text[16];

	if (!seconds) {
		unsetenv(DEBUGINFOD_URLS_ENV_VAR);
		return;
	}
	snprintf(text, sizeof(text), "%u", seconds);
	setenv(DEBUGINFOD_MAXTIME_ENV_VAR, text, 1);
	setenv(DEBUGINFOD_TIMEOUT_ENV_VAR, text, 1);
	setenv(DEBUGINFOD_RETRY_LIMIT_ENV_VAR, "0", 1);
}

/* What has a file, libdwfl asks for; of the kernel itself there may be none. */
static void ask_for_kernel(struct symbols *symbols, const char *id)
{
	debuginfod_client *client = debuginfod_begin();
	char *file = NULL;
	int fd;

	if (!client)
		return;
	/* With a length of 0, the build-id is text. */
	fd = debuginfod_find_debuginfo(client, (const unsigned char *)id, 0, &file);
	if (fd >= 0 && !dwfl_report_offline(symbols->dwfl, KERNEL, file, fd))
		close(fd);
	free(file);
	debuginfod_end(client);
}

static void report(struct symbols *symbols, const struct symbols_options *options)
{
	char *dir;

	if (asprintf(&dir, "%s/lib/modules/%s", options->debug_dir, options->release) < 0)
		return;
	dwfl_linux_kernel_report_offline(symbols->dwfl, dir, is_kernel);
	dwfl_linux_kernel_report_offline(symbols->dwfl, options->release, is_kernel);
	if (options->seconds && *options->id && is_kernel(KERNEL, NULL))
		ask_for_kernel(symbols, options->id);
	dwfl_linux_kernel_report_offline(symbols->dwfl, dir, is_module_wanted);
	dwfl_linux_kernel_report_offline(symbols->dwfl, options->release, is_module_wanted);
	free(dir);
}

/**
 * symbols_open - open what there is of a kernel and some of its modules
 * @options: of which, and where
 *
 * What is not found is not there; symbols_build_id() tells.
 */
struct symbols *symbols_open(const struct symbols_options *options)
{
	struct symbols *symbols = xrealloc(NULL, 1, sizeof(*symbols));

	symbols->dwfl = dwfl_begin(&callbacks);
	if (!symbols->dwfl) {
		complain("no memory");
		exit(EXIT_NO_DATA);
	}
	opening = options;
	opened = symbols;
	limit_servers(options->seconds);
	dwfl_report_begin(symbols->dwfl);
	report(symbols, options);
	dwfl_report_end(symbols->dwfl, NULL, NULL);
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
