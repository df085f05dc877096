/* SPDX-License-Identifier: MIT */
/*
 * In libFuzzer's place, where the compiler has none: mutates the files of a corpus, without looking
 * at what they reach. `driver -seed=N -runs=N [-max_len=N] FOLDER`; any other option is ignored.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 65536u
#define SAMPLES 4096u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct sample {
    uint8_t *bytes;
    size_t length;
};

static struct sample samples[SAMPLES];
static uint32_t sample_count;
static uint64_t state;

/* xorshift64*, the same for a seed everywhere. */
static uint32_t chance(uint32_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return below == 0 ? 0 : (uint32_t)((state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % below;
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static void load(const char *folder)
{
    struct dirent **entries;
    int i, count = scandir(folder, &entries, NULL, by_name);

    for (i = 0; i < count; i++) {
        char path[4096];
        FILE *file;

        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        file = entries[i]->d_name[0] != '.' ? fopen(path, "rb") : NULL;
        free(entries[i]);
        if (file == NULL || sample_count == SAMPLES)
            continue;
        samples[sample_count].bytes = malloc(LONGEST);
        if (samples[sample_count].bytes == NULL)
            exit(2);
        samples[sample_count].length = fread(samples[sample_count].bytes, 1, LONGEST, file);
        sample_count++;
        fclose(file);
    }
    if (count >= 0)
        free(entries);
}

/* The lengths and counts that parsers stumble over. */
static void number(uint8_t *bytes, size_t length)
{
    static const uint32_t odd[] = {0,      1,      7,      8,          255,        256,
                                   0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
    uint32_t value = odd[chance(sizeof odd / sizeof odd[0])];
    size_t size = (size_t)1 << chance(3);

    if (length >= size)
        memcpy(bytes + chance((uint32_t)(length - size + 1)), &value, size);
}

static size_t mutate(uint8_t *bytes, size_t length, size_t longest)
{
    uint32_t i, times = 1 + chance(8);

    for (i = 0; i < times; i++)
        switch (chance(5)) {
        case 0:
            if (length > 0)
                bytes[chance((uint32_t)length)] ^= (uint8_t)(1u << chance(8));
            break;
        case 1:
            if (length > 0)
                bytes[chance((uint32_t)length)] = (uint8_t)chance(256);
            break;
        case 2:
            number(bytes, length);
            break;
        case 3:
            length = chance((uint32_t)length + 1);
            break;
        default:
            while (length < longest && chance(16) != 0)
                bytes[length++] = (uint8_t)chance(256);
        }
    return length;
}

int main(int count, char **words)
{
    static uint8_t bytes[LONGEST];
    size_t longest = 4096;
    long i, runs = 100000;

    state = 1;
    for (i = 1; i < count; i++) {
        if (strncmp(words[i], "-seed=", 6) == 0)
            state = strtoull(words[i] + 6, NULL, 10) * 2 + 1;
        else if (strncmp(words[i], "-runs=", 6) == 0)
            runs = strtol(words[i] + 6, NULL, 10);
        else if (strncmp(words[i], "-max_len=", 9) == 0)
            longest = strtoul(words[i] + 9, NULL, 10);
        else if (words[i][0] != '-')
            load(words[i]);
    }
    if (longest > LONGEST)
        longest = LONGEST;
    for (i = 0; i < (long)sample_count; i++)
        LLVMFuzzerTestOneInput(samples[i].bytes, samples[i].length);
    for (i = 0; i < runs; i++) {
        size_t length = 0;

        if (sample_count > 0 && chance(8) != 0) {
            const struct sample *sample = &samples[chance(sample_count)];

            length = sample->length < longest ? sample->length : longest;
            memcpy(bytes, sample->bytes, length);
        }
        length = mutate(bytes, length, longest);
        LLVMFuzzerTestOneInput(bytes, length);
    }
    fprintf(stderr, "Done %ld runs\n", runs);
    return 0;
}
