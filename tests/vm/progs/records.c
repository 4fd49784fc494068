// SPDX-License-Identifier: GPL-2.0
/*
 * records [COMMAND]: the ioctls of /proc/allocinfo, by our own header.
 *
 * Without a command it opens the file, says so, and does what it is told on standard
 * input, a line at a time, until there is no more. Filters are words like
 * function=NAME, modname=, filename=, lineno=, inaccurate=, min=, max=.
 *
 *   id			the content id
 *   at N [FILTER]...	the record at that position
 *   next		the one that follows
 *   list [FILTER]...	all of them, and then how the content id changed, by how much
 *   read		the first line of the text
 *   reopen		the file anew
 *
 * A record is printed like a line of the text, an error as its number.
 *
 *   records refused		what is wrong must be refused: says what is not
 *   records compat		by a system call of 32 bits all must be the same
 *   records race FILE	until there is such a file threads share /proc/allocinfo; says
 *			what cannot be
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uapi/pgtag_alloc_tag.h>

#define FILE_NAME	"/proc/allocinfo"

static int fd = -1;

static int open_file(void)
{
	if (fd >= 0)
		close(fd);
	fd = open(FILE_NAME, O_RDONLY);
	return fd < 0 ? errno : 0;
}

static int ask(unsigned long command, void *arg)
{
	return ioctl(fd, command, arg) ? errno : 0;
}

/* What no record can be. NULL if it is sound. */
static const char *unsound(const struct allocinfo_tag_data *data)
{
	static const char zeros[ALLOCINFO_STR_SIZE];
	const char * const names[] = {
		data->tag.modname, data->tag.function, data->tag.filename,
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		size_t length = strnlen(names[i], ALLOCINFO_STR_SIZE);

		if (length == ALLOCINFO_STR_SIZE)
			return "a name without an end";
		if (memcmp(names[i] + length, zeros, ALLOCINFO_STR_SIZE - length))
			return "something after a name";
		if (!length && i)
			return "no name";
	}
	if (data->counter.accurate > 1)
		return "neither accurate nor not";
	if (memcmp(data->counter.pad, zeros, sizeof(data->counter.pad)))
		return "something in the padding";
	if (data->counter.bytes >> 62 || data->counter.calls >> 62)
		return "less than nothing";
	return NULL;
}

static void show(int error, const struct allocinfo_tag_data *data)
{
	if (error) {
		printf("%d\n", error);
		return;
	}
	if (unsound(data))
		printf("%s: ", unsound(data));
	printf("%12llu %8llu %s", data->counter.bytes, data->counter.calls,
	       data->tag.filename);
	if (data->tag.lineno)
		printf(":%llu", data->tag.lineno);
	if (data->tag.modname[0])
		printf(" [%s]", data->tag.modname);
	printf(" func:%s", data->tag.function);
	printf("%s", data->counter.accurate ? "" : " accurate:no");
	/* As in the text: each line ends in a space. */
	puts(" ");
}

static void set_name(char *to, const char *value)
{
	memcpy(to, value, strnlen(value, ALLOCINFO_STR_SIZE));
}

/* KEY=VALUE; false for a key that there is not. */
static int add_filter(struct allocinfo_filter *filter, char *word)
{
	static const char * const keys[] = {
		"modname", "function", "filename", "lineno", "inaccurate", "min", "max",
	};
	struct allocinfo_tag *fields = &filter->fields;
	char *value = strchr(word, '=');
	unsigned long long number;
	int i;

	if (!value)
		return 0;
	*value++ = '\0';
	number = strtoull(value, NULL, 0);
	for (i = 0; i < 7 && strcmp(word, keys[i]); i++)
		;
	filter->mask |= 1ULL << i;
	switch (i) {
	case ALLOCINFO_FILTER_MODNAME:
		set_name(fields->modname, value);
		return 1;
	case ALLOCINFO_FILTER_FUNCTION:
		set_name(fields->function, value);
		return 1;
	case ALLOCINFO_FILTER_FILENAME:
		set_name(fields->filename, value);
		return 1;
	case ALLOCINFO_FILTER_LINENO:
		fields->lineno = number;
		return 1;
	case ALLOCINFO_FILTER_INACCURATE:
		filter->inaccurate = number;
		return 1;
	case ALLOCINFO_FILTER_MIN_SIZE:
		filter->min_size = number;
		return 1;
	case ALLOCINFO_FILTER_MAX_SIZE:
		filter->max_size = number;
		return 1;
	}
	return 0;
}

static int add_filters(struct allocinfo_filter *filter, char **words)
{
	char *word;

	while ((word = strtok_r(NULL, " ", words))) {
		if (!add_filter(filter, word))
			return 0;
	}
	return 1;
}

static void list(struct allocinfo_get_at *at)
{
	struct allocinfo_content_id before = { 0 }, after = { 0 };
	int error;

	ask(ALLOCINFO_IOC_CONTENT_ID, &before);
	error = ask(ALLOCINFO_IOC_GET_AT, at);
	while (!error) {
		show(0, &at->data);
		error = ask(ALLOCINFO_IOC_GET_NEXT, &at->data);
	}
	ask(ALLOCINFO_IOC_CONTENT_ID, &after);
	printf("%d %lld\n", error, (long long)(after.id - before.id));
}

static void obey(char *line)
{
	struct allocinfo_get_at at;
	struct allocinfo_content_id content;
	char *words = line, *word, first[128] = "";
	int error;

	/* What is not written to shows. */
	memset(&at, 0x5a, sizeof(at));
	memset(&at.filter, 0, sizeof(at.filter));
	at.pos = 0;
	line[strcspn(line, "\n")] = '\0';
	word = strtok_r(line, " ", &words);
	if (!word)
		return;
	if (!strcmp(word, "at")) {
		char *pos = strtok_r(NULL, " ", &words);

		at.pos = pos ? strtoull(pos, NULL, 0) : 0;
	}
	if (!add_filters(&at.filter, &words)) {
		printf("no such filter\n");
	} else if (!strcmp(word, "id")) {
		error = ask(ALLOCINFO_IOC_CONTENT_ID, &content);
		printf("%llu\n", error ? (unsigned long long)error : content.id);
	} else if (!strcmp(word, "at")) {
		error = ask(ALLOCINFO_IOC_GET_AT, &at);
		show(error, &at.data);
	} else if (!strcmp(word, "next")) {
		error = ask(ALLOCINFO_IOC_GET_NEXT, &at.data);
		show(error, &at.data);
	} else if (!strcmp(word, "list")) {
		list(&at);
	} else if (!strcmp(word, "read")) {
		error = pread(fd, first, sizeof(first) - 1, 0) < 0 ? errno : 0;
		if (error)
			printf("%d\n", error);
		else
			printf("%.*s\n", (int)strcspn(first, "\n"), first);
	} else if (!strcmp(word, "reopen")) {
		printf("%d\n", open_file());
	} else {
		printf("no such command\n");
	}
}

static int obey_input(void)
{
	static char line[1024];

	setvbuf(stdin, NULL, _IONBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		obey(line);
		fflush(stdout);
	}
	return 0;
}

static int wrong;

static void expect(int error, int wanted, const char *what)
{
	if (error == wanted)
		return;
	printf("%s: %d and not %d\n", what, error, wanted);
	wrong = 1;
}

/* Memory of which only the first page may be read, and nothing be written. */
static char *guarded(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(memory, 0, page);
	munmap(memory + page, page);
	mprotect(memory, page, PROT_READ);
	return memory;
}

static void bad_pointers(void)
{
	static const unsigned long commands[] = {
		ALLOCINFO_IOC_CONTENT_ID, ALLOCINFO_IOC_GET_AT, ALLOCINFO_IOC_GET_NEXT,
	};
	char *memory = guarded();
	size_t i;

	for (i = 0; i < 3; i++) {
		printf("# command %zu\n", i);
		expect(ask(commands[i], NULL), EFAULT, "no memory");
		expect(ask(commands[i], (void *)-4096L), EFAULT, "the kernel's memory");
		expect(ask(commands[i], memory), EFAULT, "memory that is only to read");
		expect(ask(commands[i], memory + sysconf(_SC_PAGESIZE) - 4), EFAULT,
		       "memory that ends");
	}
}

static void bad_filters(void)
{
	struct allocinfo_get_at at;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		memset(&at, 0, sizeof(at));
		at.filter.mask = 1ULL << bit;
		/* Such tags there are, or not. */
		if (bit < 7 && ask(ALLOCINFO_IOC_GET_AT, &at) != ENOENT)
			expect(ask(ALLOCINFO_IOC_GET_AT, &at), 0, "a part that there is");
		else if (bit >= 7)
			expect(ask(ALLOCINFO_IOC_GET_AT, &at), EINVAL, "a part that there is not");
		at.filter.mask |= 1ULL << 63;
		expect(ask(ALLOCINFO_IOC_GET_AT, &at), EINVAL, "one of two that there is not");
	}
	memset(&at, 0, sizeof(at));
	at.filter.mask = ALLOCINFO_FILTER_MASK_MIN_SIZE | ALLOCINFO_FILTER_MASK_MAX_SIZE;
	at.filter.min_size = 2;
	at.filter.max_size = 1;
	expect(ask(ALLOCINFO_IOC_GET_AT, &at), EINVAL, "no size is so");
	/* What is wrong is so at every position. */
	at.pos = UINT64_MAX;
	expect(ask(ALLOCINFO_IOC_GET_AT, &at), EINVAL, "no size is so, at the end");
	at.filter.mask = ALLOCINFO_FILTER_MASK_MIN_SIZE;
	expect(ask(ALLOCINFO_IOC_GET_AT, &at), ENOENT, "a position that there is not");
}

static int refused(void)
{
	char byte[1024] = "";
	unsigned int number;

	bad_pointers();
	bad_filters();
	for (number = 3; number < 256; number++)
		expect(ask(_IOR(ALLOCINFO_IOC_BASE, number, struct allocinfo_content_id),
			   byte), ENOTTY, "another number");
	expect(ask(_IOR(ALLOCINFO_IOC_BASE, 1, struct allocinfo_tag_data), byte), ENOTTY,
	       "another size");
	expect(ask(_IOR(0xA7, 0, struct allocinfo_content_id), byte), ENOTTY,
	       "another interface");
	return wrong;
}

#ifdef __x86_64__

/* ioctl() as programs of 32 bits call it. */
static int ask_compat(unsigned int command, void *arg)
{
	long ret = 54;

	asm volatile("int $0x80" : "+a" (ret)
		     : "b" ((long)fd), "c" ((long)command), "d" (arg)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret < 0 ? -(int)ret : 0;
}

static int compat(void)
{
	struct allocinfo_get_at *at = mmap(NULL, 2 * sizeof(*at), PROT_READ | PROT_WRITE,
					   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct allocinfo_content_id *id = (void *)at;
	struct allocinfo_content_id id64;
	int i;

	expect(ask_compat(ALLOCINFO_IOC_CONTENT_ID, id), 0, "content id");
	expect(ask(ALLOCINFO_IOC_CONTENT_ID, &id64), 0, "content id");
	expect(id->id == id64.id, 1, "the same id");
	for (i = 0; i < 3; i++) {
		memset(at, 0, 2 * sizeof(*at));
		at[0].pos = i;
		at[1].pos = i;
		expect(ask_compat(ALLOCINFO_IOC_GET_AT, &at[0]), 0, "at");
		expect(ask(ALLOCINFO_IOC_GET_AT, &at[1]), 0, "at");
		expect(memcmp(&at[0].data.tag, &at[1].data.tag, sizeof(at->data.tag)), 0,
		       "the same record");
		expect(ask_compat(ALLOCINFO_IOC_GET_NEXT, &at[0].data), 0, "next");
		expect(unsound(&at[0].data) != NULL, 0, "a sound one");
	}
	at[0].filter.mask = 1 << 7;
	expect(ask_compat(ALLOCINFO_IOC_GET_AT, at), EINVAL, "a part that there is not");
	expect(ask_compat(ALLOCINFO_IOC_GET_AT, (void *)-4096L), EFAULT, "no memory");
	expect(ask_compat(ALLOCINFO_IOC_GET_AT + 7, at), ENOTTY, "no such ioctl");
	return wrong;
}

#else

static int compat(void)
{
	fprintf(stderr, "a program of 64 bits has no system calls of 32 bits here\n");
	return 1;
}

#endif

static const char *end_of_race;
static unsigned long records_seen;

static int racing(void)
{
	return access(end_of_race, F_OK);
}

/* Where no source lines are known, a place is a function and an offset. */
static int of_two(const struct allocinfo_tag *tag)
{
	return strncmp(tag->filename, tag->function, strlen(tag->function));
}

static void check_one(int error, const struct allocinfo_tag_data *data)
{
	if (error && error != ENOENT && error != ENOTTY)
		expect(error, 0, "race");
	if (!error && unsound(data))
		expect(1, 0, unsound(data));
	else if (!error)
		expect(of_two(&data->tag), 0, "names of two tags");
	if (!error)
		__atomic_fetch_add(&records_seen, 1, __ATOMIC_RELAXED);
	else
		usleep(1000);
}

static void *race_at(void *arg)
{
	struct allocinfo_get_at at;
	unsigned int i;
	int error;

	for (i = 0; racing(); i++) {
		memset(&at, 0, sizeof(at));
		at.pos = i % 50;
		/* Now the one half of tags, now the other, now all. */
		at.filter.mask = i % 3 ? ALLOCINFO_FILTER_MASK_MODNAME |
					 ALLOCINFO_FILTER_MASK_MIN_SIZE : 0;
		at.filter.min_size = i % 3 == 1;
		error = ask(ALLOCINFO_IOC_GET_AT, &at);
		check_one(error, &at.data);
		if (!error && at.filter.mask)
			expect(at.data.tag.modname[0] ||
			       at.data.counter.bytes < at.filter.min_size, 0,
			       "one that does not pass");
	}
	return arg;
}

static void *race_next(void *arg)
{
	struct allocinfo_tag_data data;

	while (racing()) {
		memset(&data, 0x5a, sizeof(data));
		check_one(ask(ALLOCINFO_IOC_GET_NEXT, &data), &data);
	}
	return arg;
}

static void *race_read(void *arg)
{
	static char text[8192];

	while (racing()) {
		if (read(fd, text, sizeof(text)) <= 0) {
			lseek(fd, 0, SEEK_SET);
			usleep(1000);
		}
	}
	return arg;
}

static int race(const char *end)
{
	void *(*run[])(void *) = { race_at, race_next, race_next, race_read };
	pthread_t threads[4];
	int i;

	end_of_race = end;
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, run[i], NULL);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("# %lu records\n", records_seen);
	return wrong;
}

int main(int argc, char **argv)
{
	int error = open_file();

	if (error) {
		printf("%d\n", error);
		return 1;
	}
	if (argc == 1)
		return obey_input();
	if (argc == 2 && !strcmp(argv[1], "refused"))
		return refused();
	if (argc == 2 && !strcmp(argv[1], "compat"))
		return compat();
	if (argc == 3 && !strcmp(argv[1], "race"))
		return race(argv[2]);
	fprintf(stderr, "usage: records [refused|compat|race FILE]\n");
	return 1;
}
