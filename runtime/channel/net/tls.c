#include "runtime/channel/net/tls.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "runtime/base/alloc.h"
#include "runtime/base/secret.h"

enum { RECORD = 16384, RECORD_ALERT = 0x15, RECORD_HANDSHAKE = 0x16, RECORD_MAJOR = 3 };

struct rt_tls {
    SSL_CTX *context;
    enum rt_tls_side side;
};

struct rt_tls_session {
    SSL *ssl;
    BIO *in, *out; /* owned by `ssl` */
    enum rt_tls_side side;
    unsigned looked_at; /* of the first two bytes, which distinguish TLS from anything else */
    char host[256];
};

static void *must(void *memory)
{
    if (!memory)
        rt_panic("out of memory");
    return memory;
}

/* ------------------------------------------------------------------- errors */

/* Why OpenSSL refused a file. */
static int file_error(const char *path, const char *what, struct rt_error *error)
{
    unsigned long code = ERR_peek_last_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SYS || errno == ENOENT || errno == EACCES)
        return rt_error_set(error, RT_ENOTFOUND, "%s cannot be read: %s", path, strerror(errno));
    const char *reason = ERR_reason_error_string(code);
    return rt_error_set(error, RT_EINVAL, "%s does not hold %s: %s", path, what,
                        reason ? reason : "nothing that can be used");
}

/* Why the other side's certificate is refused. */
static int refused(const struct rt_tls_session *session, struct rt_error *error)
{
    long result = SSL_get_verify_result(session->ssl);
    if (session->side == RT_TLS_SERVER)
        return rt_error_set(error, RT_EDENIED, "the client's certificate is refused: %s",
                            X509_verify_cert_error_string(result));
    if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return rt_error_set(error, RT_EDENIED, "the server's certificate is not for '%s'",
                            session->host);
    return rt_error_set(error, RT_EDENIED, "the server's certificate is refused: %s",
                        X509_verify_cert_error_string(result));
}

/* What a failed call of OpenSSL means; 0: it waits for more from the wire. */
static int failure(const struct rt_tls_session *session, int result, struct rt_error *error)
{
    int code = SSL_get_error(session->ssl, result);
    if (code == SSL_ERROR_WANT_READ)
        return 0;
    if (code == SSL_ERROR_ZERO_RETURN)
        return rt_error_set(error, RT_ECLOSED, "the other side closed the connection");
    unsigned long last = ERR_peek_error();
    int reason = ERR_GET_REASON(last);
    switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
        return refused(session, error);
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        return rt_error_set(error, RT_EDENIED, "the client shows no certificate");
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return rt_error_set(error, RT_EDENIED, "the server demands a client's certificate");
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        return rt_error_set(error, RT_EDENIED, "the other side refuses our certificate: %s",
                            ERR_reason_error_string(last));
    default:
        break;
    }
    const char *text = ERR_reason_error_string(last);
    return rt_error_set(error, RT_EINVAL, "TLS failed: %s", text ? text : "unexpected end");
}

/* ----------------------------------------------------------------- settings */

/* The key is read by us, so that a file that others may read is refused, and never asked about on
 * the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *arg)
{
    (void)buffer, (void)size, (void)writing, (void)arg;
    return -1;
}

static int key_use(struct rt_tls *tls, const char *path, struct rt_error *error)
{
    struct rt_buf text = {0};
    int r = rt_secret_read(path, RT_SECRET_FILE_MAX, &text, error);
    if (r < 0)
        return r;
    BIO *bio = must(BIO_new_mem_buf(text.data, (int)text.len));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    errno = 0;
    if (!key)
        r = file_error(path, "a private key without a passphrase", error);
    else if (SSL_CTX_use_PrivateKey(tls->context, key) != 1)
        r = rt_error_set(error, RT_EINVAL, "%s is not the key of the certificate", path);
    EVP_PKEY_free(key);
    BIO_free(bio);
    rt_secret_done(&text);
    return r;
}

static int files_use(struct rt_tls *tls, const struct rt_tls_options *options,
                     struct rt_error *error)
{
    if (!options->cert != !options->key)
        return rt_error_set(error, RT_EINVAL, "a TLS certificate and its key go together");
    if (tls->side == RT_TLS_SERVER && !options->cert)
        return rt_error_set(error, RT_EINVAL, "TLS needs a certificate");
    if (tls->side == RT_TLS_CLIENT && !options->ca)
        return rt_error_set(error, RT_EINVAL, "TLS needs the authorities to trust");
    ERR_clear_error();
    errno = 0;
    if (options->cert && SSL_CTX_use_certificate_chain_file(tls->context, options->cert) != 1)
        return file_error(options->cert, "a certificate", error);
    int r = options->key ? key_use(tls, options->key, error) : 0;
    if (r < 0 || !options->ca)
        return r;
    errno = 0;
    if (SSL_CTX_load_verify_file(tls->context, options->ca) != 1)
        return file_error(options->ca, "certificates of authorities", error);
    if (tls->side == RT_TLS_SERVER)
        SSL_CTX_set_client_CA_list(tls->context, SSL_load_client_CA_file(options->ca));
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return 0;
}

int rt_tls_new(enum rt_tls_side side, const struct rt_tls_options *options, struct rt_tls **ret,
               struct rt_error *error)
{
    struct rt_tls *tls = rt_zalloc(sizeof *tls);
    tls->side = side;
    tls->context = must(SSL_CTX_new(TLS_method()));
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    /* Of 1.2 only; what 1.3 has is all good. */
    RT_ASSERT(SSL_CTX_set_cipher_list(tls->context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(tls->context, 0);
    SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS);
    int r = files_use(tls, options, error);
    ERR_clear_error();
    if (r < 0)
        rt_tls_free(tls);
    else
        *ret = tls;
    return r;
}

void rt_tls_free(struct rt_tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    free(tls);
}

/* ----------------------------------------------------------------- sessions */

struct rt_tls_session *rt_tls_session_new(struct rt_tls *tls, const char *host)
{
    struct rt_tls_session *session = rt_zalloc(sizeof *session);
    session->side = tls->side;
    session->ssl = must(SSL_new(tls->context));
    session->in = must(BIO_new(BIO_s_mem()));
    session->out = must(BIO_new(BIO_s_mem()));
    SSL_set_bio(session->ssl, session->in, session->out);
    if (tls->side == RT_TLS_SERVER) {
        SSL_set_accept_state(session->ssl);
        return session;
    }
    RT_ASSERT(host);
    size_t len = strnlen(host, sizeof session->host - 1);
    memcpy(session->host, host, len);
    SSL_set_connect_state(session->ssl);
    SSL_set_hostflags(session->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session->ssl), session->host) != 1) {
        SSL_set1_host(session->ssl, session->host);
        SSL_set_tlsext_host_name(session->ssl, session->host);
    }
    ERR_clear_error();
    return session;
}

void rt_tls_session_free(struct rt_tls_session *session)
{
    if (!session)
        return;
    SSL_free(session->ssl);
    free(session);
}

bool rt_tls_ready(const struct rt_tls_session *session)
{
    return SSL_is_init_finished(session->ssl);
}

/* A frame of the channel cannot begin like this: its second byte would make HELLO, or GOING_AWAY,
 * longer than either can be. */
static bool speaks_tls(struct rt_tls_session *session, struct rt_bytes wire)
{
    for (size_t i = 0; i < wire.len && session->looked_at < 2; i++, session->looked_at++) {
        bool first = session->looked_at == 0;
        bool fits = first ? wire.data[i] == RECORD_HANDSHAKE || wire.data[i] == RECORD_ALERT
                          : wire.data[i] == RECORD_MAJOR;
        if (!fits)
            return false;
    }
    return true;
}

static void out_take(struct rt_tls_session *session, struct rt_buf *out)
{
    char *data;
    long len = BIO_get_mem_data(session->out, &data);
    if (len > 0)
        rt_buf_append(out, data, (size_t)len);
    (void)BIO_reset(session->out);
}

int rt_tls_input(struct rt_tls_session *session, struct rt_bytes wire, struct rt_buf *plain,
                 struct rt_buf *out, struct rt_error *error)
{
    if (!speaks_tls(session, wire))
        return rt_error_set(error, RT_EUNSUPPORTED, "the other side does not speak TLS");
    RT_ASSERT(wire.len <= INT32_MAX);
    if (wire.len > 0 && BIO_write(session->in, wire.data, (int)wire.len) != (int)wire.len)
        rt_panic("out of memory");
    ERR_clear_error();
    int result;
    do {
        rt_buf_reserve(plain, RECORD);
        result = SSL_read(session->ssl, plain->data + plain->len, RECORD);
        if (result > 0)
            plain->len += (size_t)result;
    } while (result > 0);
    int r = failure(session, result, error);
    out_take(session, out);
    ERR_clear_error();
    return r;
}

int rt_tls_output(struct rt_tls_session *session, struct rt_bytes plain, struct rt_buf *out)
{
    RT_ASSERT(rt_tls_ready(session));
    ERR_clear_error();
    /* A record at a time, so that no second copy of it all is made on the way. */
    for (size_t at = 0; at < plain.len;) {
        size_t rest = plain.len - at;
        int len = (int)(rest < RECORD ? rest : RECORD);
        if (SSL_write(session->ssl, plain.data + at, len) != len)
            return RT_EINVAL;
        at += (size_t)len;
        out_take(session, out);
    }
    return 0;
}

static bool string_is(const ASN1_STRING *text, struct rt_str name)
{
    return rt_str_eq(
        rt_str_n((const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)),
        name);
}

bool rt_tls_peer_is(const struct rt_tls_session *session, struct rt_str name)
{
    const X509 *cert = SSL_get0_peer_certificate(session->ssl);
    if (!cert)
        return false;
    bool is = false;
    const X509_NAME *subject = X509_get_subject_name(cert);
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
        is = is || string_is(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), name);
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *other = sk_GENERAL_NAME_value(names, i);
        is = is || (other->type == GEN_DNS && string_is(other->d.dNSName, name));
    }
    GENERAL_NAMES_free(names);
    return is;
}
