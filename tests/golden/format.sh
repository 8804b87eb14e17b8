#!/bin/sh
# format.sh CLANG-FORMAT DIR...: fails when C below one of the directories is not formatted.
set -eu
formatter=$1
shift
find "$@" -name '*.[ch]' -exec "$formatter" --dry-run -Werror {} +
