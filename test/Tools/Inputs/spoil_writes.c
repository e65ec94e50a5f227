/* Loaded before a program: what goes wrong while it writes files into the folder $SPOIL_FOLDER. $SPOIL is
   "full" (a full disk), "kill" (SIGKILL in the middle of a file) or "rename" (SIGKILL when a finished file
   would get its name). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_spoiled(const char *how) {
  const char *found = getenv("SPOIL");
  return found && strcmp(found, how) == 0;
}

static int is_inside(const char *path) {
  const char *folder = getenv("SPOIL_FOLDER");
  return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_file_inside(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0)
    return 0;
  path[size] = 0;
  return is_inside(path);
}

typedef ssize_t writer(int, const void *, size_t);

ssize_t write(int descriptor, const void *data, size_t size) {
  writer *original = (writer *)dlsym(RTLD_NEXT, "write");
  int full = is_spoiled("full"), kill = is_spoiled("kill");
  if ((!full && !kill) || size == 0 || !is_file_inside(descriptor))
    return original(descriptor, data, size);
  /* A part gets through. */
  if (size > 1)
    return original(descriptor, data, size / 2);
  if (kill)
    raise(SIGKILL);
  errno = ENOSPC;
  return -1;
}

int rename(const char *from, const char *to) {
  if (is_spoiled("rename") && is_inside(to))
    raise(SIGKILL);
  return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
}
