// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU that counts what the guest does between two marks
 * (tests/vm/module/marks.h): instructions, locked ones, and lines of cache that are
 * written. QEMU's translated code is exact about that, whatever the host is.
 *
 *	-plugin file=marks.so,out=FILE
 *
 * Writes a line for each report that the guest asks for:
 *
 *	instructions=N locked=N lines=N own_instructions=N own_locked=N own_lines=N own_shared=N
 *
 * Own is what the code does that the guest has named last, and shared a line that it
 * writes and that it also reads or writes on another CPU.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

#define MARK		0x70670000U
#define ARM64_MARK	0x7060U
#define MAX_CPUS	64
#define LINE		64
#define MAX_LINES	(1 << 16)	/* a power of two */

enum mark { RESET, BEGIN, END, REPORT, OWN, COUNT };

/* A line of cache, and which CPUs did what to it. */
struct line {
	uint64_t address;
	uint64_t read_by, written_by;	/* by the guest's own code */
	bool written, used;
};

static struct line lines[MAX_LINES];
static bool counting[MAX_CPUS], with_lines[MAX_CPUS];
static uint64_t instructions, locked, own_instructions, own_locked;
static uint64_t own_start, own_end;
static int own_wanted;	/* addresses of own code that are still to come */
static FILE *out;

__attribute__((visibility("default"))) int qemu_plugin_version = QEMU_PLUGIN_API;

static bool is_own(uint64_t at)
{
	return at >= own_start && at < own_end;
}

static struct line *line_at(uint64_t address)
{
	uint64_t number = address / LINE;
	uint64_t i = number * 0x9e3779b97f4a7c15ULL >> 48;
	int tries;

	for (tries = 0; tries < MAX_LINES; tries++, i++) {
		struct line *line = &lines[i % MAX_LINES];

		if (line->used && line->address != number)
			continue;
		line->used = true;
		line->address = number;
		return line;
	}
	fprintf(stderr, "marks: more than %d lines\n", MAX_LINES);
	exit(1);
}

static void reset(void)
{
	memset(lines, 0, sizeof(lines));
	instructions = 0;
	locked = 0;
	own_instructions = 0;
	own_locked = 0;
}

static void report(void)
{
	int written = 0, own = 0, shared = 0;
	int i;

	for (i = 0; i < MAX_LINES; i++) {
		const struct line *line = &lines[i];

		written += line->written;
		own += !!line->written_by;
		shared += line->written_by &&
			__builtin_popcountll(line->written_by | line->read_by) > 1;
	}
	fprintf(out, "instructions=%llu locked=%llu lines=%d own_instructions=%llu own_locked=%llu own_lines=%d own_shared=%d\n",
		(unsigned long long)instructions, (unsigned long long)locked, written,
		(unsigned long long)own_instructions, (unsigned long long)own_locked,
		own, shared);
	fflush(out);
}

static void on_mark(unsigned int cpu, void *data)
{
	switch ((uintptr_t)data) {
	case RESET:
		reset();
		break;
	case BEGIN:
	case COUNT:
		counting[cpu % MAX_CPUS] = true;
		with_lines[cpu % MAX_CPUS] = (uintptr_t)data == BEGIN;
		break;
	case END:
		counting[cpu % MAX_CPUS] = false;
		break;
	case REPORT:
		report();
		break;
	case OWN:
		own_wanted = 2;
		break;
	}
}

static void on_execute(unsigned int cpu, void *data)
{
	if (!counting[cpu % MAX_CPUS])
		return;
	instructions++;
	own_instructions += is_own((uintptr_t)data);
}

static void on_locked(unsigned int cpu, void *data)
{
	if (!counting[cpu % MAX_CPUS])
		return;
	locked++;
	own_locked += is_own((uintptr_t)data);
}

/* The two addresses that the guest reads after saying OWN: in its first and last page. */
static void take_own(uint64_t address)
{
	if (own_wanted-- == 2)
		own_start = address;
	else
		own_end = (address | 4095) + 1;
}

static void on_memory(unsigned int cpu, uint32_t info, uint64_t address, void *data)
{
	bool store = qemu_plugin_mem_is_store(info);
	struct line *line;

	if (own_wanted && !store)
		take_own(address);
	if (!counting[cpu % MAX_CPUS] || !with_lines[cpu % MAX_CPUS])
		return;
	line = line_at(address);
	line->written |= store;
	if (!is_own((uintptr_t)data))
		return;
	if (store)
		line->written_by |= 1ULL << cpu % MAX_CPUS;
	else
		line->read_by |= 1ULL << cpu % MAX_CPUS;
}

/* LOCK is a prefix; XCHG with memory has none and is locked too. */
static bool x86_is_locked(const uint8_t *code, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		switch (code[i]) {
		case 0xf0:
			return true;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
		case 0x66: case 0x67: case 0xf2: case 0xf3: case 0x40 ... 0x4f:
			continue;
		case 0x86: case 0x87:
			return i + 1 < size && code[i + 1] < 0xc0;
		default:
			return false;
		}
	}
	return false;
}

/* nopl MARK+n(%rax) */
static bool x86_is_mark(const uint8_t *code, size_t size, uint32_t *n)
{
	static const uint8_t nopl[] = { 0x0f, 0x1f, 0x80 };

	if (size != 7 || memcmp(code, nopl, sizeof(nopl)))
		return false;
	memcpy(n, code + 3, sizeof(*n));
	*n -= MARK;
	return *n <= COUNT;
}

static uint32_t arm64_word(const uint8_t *code)
{
	uint32_t word;

	memcpy(&word, code, sizeof(word));
	return word;
}

/*
 * An atomic operation, a compare and swap, or a store that is exclusive. Those on a
 * CPU's own counters are such, too.
 */
static bool arm64_is_locked(const uint8_t *code, size_t size)
{
	uint32_t word = arm64_word(code);

	(void)size;
	return (word & 0x3b200c00) == 0x38200000 ||
	       (word & 0x3fa07c00) == 0x08a07c00 ||
	       (word & 0x3fc00000) == 0x08000000;
}

/* movz xzr, ARM64_MARK + n */
static bool arm64_is_mark(const uint8_t *code, size_t size, uint32_t *n)
{
	uint32_t word = arm64_word(code);

	(void)size;
	*n = (word >> 5 & 0xffff) - ARM64_MARK;
	return (word & 0xffe0001f) == 0xd280001f && *n <= COUNT;
}

static bool arm64;

static bool is_locked(const uint8_t *code, size_t size)
{
	return arm64 ? arm64_is_locked(code, size) : x86_is_locked(code, size);
}

static bool is_mark(const uint8_t *code, size_t size, uint32_t *n)
{
	return arm64 ? arm64_is_mark(code, size, n) : x86_is_mark(code, size, n);
}

static void translate_one(struct qemu_plugin_insn *insn)
{
	void *at = (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn);
	size_t size = qemu_plugin_insn_size(insn);
	uint8_t code[16];
	uint32_t n;

	if (size > sizeof(code))
		return;
#if QEMU_PLUGIN_API < 3
	memcpy(code, qemu_plugin_insn_data(insn), size);
#else
	qemu_plugin_insn_data(insn, code, size);
#endif
	if (is_mark(code, size, &n)) {
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, NO_REGISTERS,
						       (void *)(uintptr_t)n);
		return;
	}
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_execute, NO_REGISTERS, at);
	if (is_locked(code, size))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_locked, NO_REGISTERS, at);
	qemu_plugin_register_vcpu_mem_cb(insn, on_memory, NO_REGISTERS,
					 READS_AND_WRITES, at);
}

static void translate(uint64_t id, struct qemu_plugin_tb *block)
{
	size_t n = qemu_plugin_tb_n_insns(block);
	size_t i;

	(void)id;
	for (i = 0; i < n; i++)
		translate_one(qemu_plugin_tb_get_insn(block, i));
}

__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	/* What QEMU says of itself begins with the name of what it is. */
	arm64 = !strcmp(*(const char *const *)info, "aarch64");
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "marks: out=FILE is wanted\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
