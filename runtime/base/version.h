/* The one version string of compiler, runtime and programs: that of meson.build. */
#ifndef RT_BASE_VERSION_H
#define RT_BASE_VERSION_H

/* Such as "0.1.0"; static. */
const char *rt_version(void);

#endif
