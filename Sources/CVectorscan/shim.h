// Debian's libvectorscan-dev and libhyperscan-dev both put hs.h on the include
// path that pkg-config's `libhs` names.
#ifndef MIGRATE_CVECTORSCAN_SHIM_H
#define MIGRATE_CVECTORSCAN_SHIM_H

#include <hs.h>

#endif
