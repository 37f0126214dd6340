// Swift cannot call variadic C functions, so each `git_libgit2_opts` that the
// project sets has a typed wrapper here.
#ifndef MIGRATE_CLIBGIT2_SHIM_H
#define MIGRATE_CLIBGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <zlib.h>

static inline int migrate_git_set_flag(int option, int value) {
    return git_libgit2_opts(option, value);
}

static inline int migrate_git_set_size(int option, size_t value) {
    return git_libgit2_opts(option, value);
}

static inline int migrate_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int migrate_git_get_search_path(int level, git_buf *path) {
    return git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, level, path);
}

static inline int migrate_git_set_extensions(const char **extensions, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, count);
}

#endif
