/* Also a program, for tests that are not in C: certificates DIR. */
#include "tests/support/certificates.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "runtime/base/error.h"

enum { DAY = 24 * 3600 };

struct pair {
    EVP_PKEY *key;
    X509 *cert;
};

static void extend(X509 *cert, int nid, const char *value)
{
    if (!value)
        return;
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    RT_ASSERT(extension && X509_add_ext(cert, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static FILE *create(const char *dir, const char *name, const char *suffix)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s.%s", dir, name, suffix);
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    RT_ASSERT(file);
    return file;
}

static void keep(const char *dir, const char *name, const struct pair *pair)
{
    FILE *file = create(dir, name, "pem");
    RT_ASSERT(PEM_write_X509(file, pair->cert) == 1 && fclose(file) == 0);
    file = create(dir, name, "key");
    RT_ASSERT(PEM_write_PrivateKey(file, pair->key, NULL, NULL, 0, NULL, NULL) == 1);
    RT_ASSERT(fclose(file) == 0);
}

/* `issuer` NULL: an authority that signs for itself. `names`: of the other ones, or NULL. */
static struct pair issue(const struct pair *issuer, const char *common_name, const char *names,
                         long from, long until)
{
    static long serial = 1;
    struct pair pair = {EVP_EC_gen("P-256"), X509_new()};
    RT_ASSERT(pair.key && pair.cert);
    X509_set_version(pair.cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(pair.cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(pair.cert), from);
    X509_gmtime_adj(X509_getm_notAfter(pair.cert), until);
    X509_NAME *name = X509_get_subject_name(pair.cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name, -1, -1,
                               0);
    X509_set_issuer_name(pair.cert, issuer ? X509_get_subject_name(issuer->cert) : name);
    X509_set_pubkey(pair.cert, pair.key);
    extend(pair.cert, NID_basic_constraints, issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
    extend(pair.cert, NID_subject_alt_name, names);
    RT_ASSERT(X509_sign(pair.cert, issuer ? issuer->key : pair.key, EVP_sha256()) > 0);
    return pair;
}

static void done(const struct pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->cert);
}

static void make(const char *dir, const struct pair *issuer, const char *file,
                 const char *common_name, const char *names, long until)
{
    struct pair pair = issue(issuer, common_name, names, -2L * DAY, until);
    keep(dir, file, &pair);
    done(&pair);
}

void certificates_make(const char *dir)
{
    struct pair ca = issue(NULL, "an authority", NULL, -2L * DAY, DAY);
    struct pair other = issue(NULL, "another authority", NULL, -2L * DAY, DAY);
    keep(dir, "ca", &ca);
    keep(dir, "other_ca", &other);
    const char *here = "DNS:localhost,IP:127.0.0.1";
    make(dir, &ca, "server", "channeld", here, DAY);
    make(dir, &ca, "elsewhere", "channeld", "DNS:elsewhere.example", DAY);
    make(dir, &ca, "expired", "channeld", here, -DAY);
    make(dir, &ca, "teller", "teller", "DNS:narrator", DAY);
    make(dir, &other, "stranger", "teller", NULL, DAY);
    done(&ca);
    done(&other);
}

#ifdef CERTIFICATES_MAIN
int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    certificates_make(argv[1]);
    return 0;
}
#endif
