/* Preloaded: writes down, in order, what a process does to the files below RECORD_ROOT, in the file RECORD_LOG.
 *
 * A record is a line "operation flag offset length path", then that many octets and a line feed:
 *   C create   W write (flag 1: on disk when it returns)   T set size to offset   S sync
 *   M make a folder   U remove   R rename, the octets being the new path
 * While a file RECORD_LOG ".fail" is there, writes to LMDB's meta pages arrive in the page cache, fail with EIO,
 * and can't be undone: what a disk does that fails for a moment. While RECORD_LOG ".kill" is there, the process is
 * killed instead, before the write is on disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))
#define META_PAGES 8192

static const char *root, *fail, *death;
static int record = -1;

__attribute__((constructor)) static void begin(void) {
    static char name[PATH_MAX], other[PATH_MAX];
    const char *path = getenv("RECORD_LOG");
    root = getenv("RECORD_ROOT");
    if (!path || !root) return;
    record = REAL(open)(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    snprintf(name, sizeof name, "%s.fail", path);
    snprintf(other, sizeof other, "%s.kill", path);
    fail = name;
    death = other;
}

/* The path below the root of a name relative to a folder's descriptor; NULL if it is none of ours. */
static const char *below(int folder, const char *name, char *path) {
    char link[64], base[PATH_MAX / 2] = "";
    if (record < 0) return NULL;
    if (!name || name[0] != '/') {
        if (folder == AT_FDCWD) return NULL;
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t size = readlink(link, base, sizeof base - 1);
        if (size < 0) return NULL;
        base[size] = 0;
    }
    int size = snprintf(path, PATH_MAX, "%s%s%s", base, name && base[0] ? "/" : "", name ? name : "");
    size_t length = strlen(root);
    if (size >= PATH_MAX || strncmp(path, root, length)) return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : ".";
}

static void say(char what, int flag, off_t offset, const struct iovec *parts, int count, const char *path) {
    char head[PATH_MAX + 64];
    size_t length = 0;
    struct iovec all[1026];
    for (int i = 0; i < count && i < 1024; i++) length += (all[i + 1] = parts[i]).iov_len;
    int size = snprintf(head, sizeof head, "%c %d %lld %zu %s\n", what, flag, (long long)offset, length, path);
    all[0] = (struct iovec){head, size};
    all[count + 1] = (struct iovec){"\n", 1};
    if (REAL(writev)(record, all, count + 2) < 0) abort();
}

static void say_name(char what, const char *path, const char *more) {
    struct iovec part = {(void *)(more ? more : ""), more ? strlen(more) : 0};
    say(what, 0, 0, &part, 1, path);
}

static int opened(int descriptor, int was_there, int flags, const char *path) {
    if (descriptor >= 0 && path && !was_there) say_name('C', path, NULL);
    if (descriptor >= 0 && path && flags & O_TRUNC) say('T', 0, 0, NULL, 0, path);
    return descriptor;
}

#define OPEN(name, parameters, folder, file, call)                                         \
    int name parameters {                                                                  \
        char space[PATH_MAX];                                                              \
        const char *path = flags & (O_CREAT | O_TRUNC) ? below(folder, file, space) : NULL; \
        int was_there = path && !faccessat(folder, file, F_OK, 0);                         \
        va_list rest;                                                                      \
        va_start(rest, flags);                                                             \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;                  \
        va_end(rest);                                                                      \
        return opened(call, was_there, flags, path);                                       \
    }
OPEN(open, (const char *file, int flags, ...), AT_FDCWD, file, REAL(open)(file, flags, mode))
OPEN(open64, (const char *file, int flags, ...), AT_FDCWD, file, REAL(open64)(file, flags, mode))
OPEN(openat, (int folder, const char *file, int flags, ...), folder, file, REAL(openat)(folder, file, flags, mode))
OPEN(openat64, (int folder, const char *file, int flags, ...), folder, file, REAL(openat64)(folder, file, flags, mode))

static ssize_t wrote(int descriptor, const struct iovec *parts, int count, off_t offset, ssize_t done) {
    char space[PATH_MAX];
    const char *path = done > 0 ? below(descriptor, NULL, space) : NULL;
    if (!path) return done;
    int is_synced = (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
    int is_meta = strstr(path, "/data.mdb") && offset < META_PAGES;
    int fails = is_meta && !access(fail, F_OK), dies = is_meta && !access(death, F_OK);
    say('W', is_synced && !fails && !dies, offset, parts, count, path);
    if (dies) kill(getpid(), SIGKILL);
    if (!fails) return done;
    errno = EIO;
    return -1;
}

/* Whether this would write over a meta page what was there before a write that failed. */
static int undoes(int descriptor, off_t offset) {
    char space[PATH_MAX];
    const char *path = below(descriptor, NULL, space);
    if (!path || !strstr(path, "/data.mdb") || offset >= META_PAGES || access(fail, F_OK)) return 0;
    return !(fcntl(descriptor, F_GETFL) & O_DSYNC);
}

static off_t place(int descriptor) { return record < 0 ? 0 : lseek(descriptor, 0, SEEK_CUR); }

#define PWRITE(name)                                                                             \
    ssize_t name(int descriptor, const void *data, size_t size, off_t offset) {                  \
        if (undoes(descriptor, offset)) return errno = EIO, -1;                                  \
        return wrote(descriptor, &(struct iovec){(void *)data, size}, 1, offset,                 \
                     REAL(name)(descriptor, data, size, offset));                                \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name)                                                                            \
    ssize_t name(int descriptor, const struct iovec *parts, int count, off_t offset) {           \
        return wrote(descriptor, parts, count, offset, REAL(name)(descriptor, parts, count, offset)); \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)

ssize_t write(int descriptor, const void *data, size_t size) {
    off_t offset = place(descriptor);
    return wrote(descriptor, &(struct iovec){(void *)data, size}, 1, offset, REAL(write)(descriptor, data, size));
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    off_t offset = place(descriptor);
    return wrote(descriptor, parts, count, offset, REAL(writev)(descriptor, parts, count));
}

static int sized(int descriptor, off_t size, int result) {
    char space[PATH_MAX];
    const char *path = result ? NULL : below(descriptor, NULL, space);
    if (path) say('T', 0, size, NULL, 0, path);
    return result;
}

int ftruncate(int descriptor, off_t size) { return sized(descriptor, size, REAL(ftruncate)(descriptor, size)); }
int ftruncate64(int descriptor, off_t size) { return sized(descriptor, size, REAL(ftruncate64)(descriptor, size)); }
int posix_fallocate(int descriptor, off_t offset, off_t size) {
    return sized(descriptor, offset + size, REAL(posix_fallocate)(descriptor, offset, size));
}
int posix_fallocate64(int descriptor, off_t offset, off_t size) {
    return sized(descriptor, offset + size, REAL(posix_fallocate64)(descriptor, offset, size));
}

static int synced(int descriptor, int result) {
    char space[PATH_MAX];
    const char *path = result ? NULL : below(descriptor, NULL, space);
    if (path) say_name('S', path, NULL);
    return result;
}

int fsync(int descriptor) { return synced(descriptor, REAL(fsync)(descriptor)); }
int fdatasync(int descriptor) { return synced(descriptor, REAL(fdatasync)(descriptor)); }

static int named(char what, int folder, const char *name, int other, const char *more, int result) {
    char space[PATH_MAX], more_space[PATH_MAX];
    const char *path = result ? NULL : below(folder, name, space);
    if (path) say_name(what, path, more ? below(other, more, more_space) : NULL);
    return result;
}

int mkdir(const char *name, mode_t mode) {
    return named('M', AT_FDCWD, name, 0, NULL, REAL(mkdir)(name, mode));
}
int rmdir(const char *name) { return named('U', AT_FDCWD, name, 0, NULL, REAL(rmdir)(name)); }
int unlink(const char *name) { return named('U', AT_FDCWD, name, 0, NULL, REAL(unlink)(name)); }
int unlinkat(int folder, const char *name, int flags) {
    return named('U', folder, name, 0, NULL, REAL(unlinkat)(folder, name, flags));
}
int rename(const char *old, const char *new) {
    return named('R', AT_FDCWD, old, AT_FDCWD, new, REAL(rename)(old, new));
}
int renameat(int from, const char *old, int to, const char *new) {
    return named('R', from, old, to, new, REAL(renameat)(from, old, to, new));
}
