/* Loaded before the C library of a program under test: the first flush after the file named by
 * RIG_FLUSH_FAILS appears fails with EIO, and what that file descriptor has grown by since its last
 * flush is gone, as with a kernel that drops the pages it could not write. The file is taken away,
 * so that each later flush succeeds: it would lie, if anybody asked again. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 4096 };
static off_t flushed[FILES];

static int flush(int file, long call) {
    const char *sign = getenv("RIG_FLUSH_FAILS");
    struct stat now;
    int known = file >= 0 && file < FILES && fstat(file, &now) == 0;
    if (sign && unlink(sign) == 0) {
        if (known && flushed[file] > 0 && now.st_size > flushed[file]) {
            (void)!ftruncate(file, flushed[file]);
        }
        errno = EIO;
        return -1;
    }
    int done = (int)syscall(call, file);
    if (done == 0 && known) flushed[file] = now.st_size;
    return done;
}

int fsync(int file) { return flush(file, SYS_fsync); }
int fdatasync(int file) { return flush(file, SYS_fdatasync); }
