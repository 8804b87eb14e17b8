/* Two ends of TLS, byte for byte from one to the other. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/channel/net/tls.h"
#include "tests/support/certificates.h"

enum { BIG = 1 << 20, ROUNDS_MAX = 200 };

static char dir[64];

static char *file(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
    (void)status, (void)flag, (void)ftw;
    return remove(path);
}

static void set_up(void)
{
    strcpy(dir, "/tmp/tls-test-XXXXXX");
    cr_assert_neq(mkdtemp(dir), NULL);
    certificates_make(dir);
}

static void tear_down(void)
{
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

TestSuite(tls, .init = set_up, .fini = tear_down, .timeout = 20);

/* One end: what it got, what it wants to send, what it failed with. */
struct end {
    struct rt_tls *tls;
    struct rt_tls_session *session;
    struct rt_buf plain, out;
    int code;
    struct rt_error error;
};

static struct end client, server;

static void end_open(struct end *end, enum rt_tls_side side, const char *cert, const char *ca,
                     const char *host)
{
    char name[64];
    struct rt_tls_options options = {.ca = ca ? file(ca) : NULL};
    if (cert) {
        snprintf(name, sizeof name, "%s.pem", cert);
        options.cert = file(name);
        snprintf(name, sizeof name, "%s.key", cert);
        options.key = file(name);
    }
    *end = (struct end){0};
    int r = rt_tls_new(side, &options, &end->tls, &end->error);
    cr_assert_eq(r, 0, "%s", end->error.message);
    end->session = rt_tls_session_new(end->tls, host);
}

static void end_done(struct end *end)
{
    rt_tls_session_free(end->session);
    rt_tls_free(end->tls);
    rt_buf_done(&end->plain);
    rt_buf_done(&end->out);
}

static void done(void)
{
    end_done(&client);
    end_done(&server);
}

/* Gives `to` at most `step` bytes of what `from` wants to send. */
static void carry(struct end *from, struct end *to, size_t step)
{
    size_t len = from->out.len < step ? from->out.len : step;
    if (to->code == 0 && len > 0)
        to->code = rt_tls_input(to->session, rt_bytes(from->out.data, len), &to->plain, &to->out,
                                &to->error);
    rt_buf_consume(&from->out, len);
}

/* Until neither has anything to say. */
static void talk(size_t step)
{
    while (client.out.len > 0 || server.out.len > 0) {
        carry(&client, &server, step);
        carry(&server, &client, step);
    }
}

static void greet(size_t step)
{
    client.code = rt_tls_input(client.session, (struct rt_bytes){0}, &client.plain, &client.out,
                               &client.error);
    cr_assert_eq(client.code, 0);
    talk(step);
}

Test(tls, both_sides_get_what_the_other_says)
{
    static uint8_t big[BIG];
    for (size_t i = 0; i < BIG; i++)
        big[i] = (uint8_t)(i * 7 + (i >> 9));
    const size_t steps[] = {1, 1000, SIZE_MAX};
    for (size_t i = 0; i < 3; i++) {
        size_t size = steps[i] == 1 ? 5000 : BIG;
        end_open(&server, RT_TLS_SERVER, "server", NULL, NULL);
        end_open(&client, RT_TLS_CLIENT, NULL, "ca.pem", "localhost");
        cr_assert(!rt_tls_ready(client.session) && !rt_tls_ready(server.session));
        greet(steps[i]);
        cr_assert(rt_tls_ready(client.session) && rt_tls_ready(server.session));
        cr_assert_eq(rt_tls_output(client.session, rt_bytes(big, size), &client.out), 0);
        cr_assert_gt(client.out.len, size); /* and not in the clear */
        cr_assert_eq(memmem(client.out.data, client.out.len, big + 100, 64), NULL);
        talk(steps[i]);
        cr_assert_eq(server.plain.len, size);
        cr_assert_eq(memcmp(server.plain.data, big, size), 0);
        cr_assert_eq(rt_tls_output(server.session, rt_bytes(big, size), &server.out), 0);
        talk(steps[i]);
        cr_assert_eq(client.plain.len, size);
        cr_assert_eq(memcmp(client.plain.data, big, size), 0);
        done();
    }
}

/* What each side says when `cert` of the server, or of the client, is not to the other's taste. */
static void meet(const char *cert, const char *ca, const char *host, const char *client_cert,
                 const char *client_ca)
{
    end_open(&server, RT_TLS_SERVER, cert, client_ca, NULL);
    end_open(&client, RT_TLS_CLIENT, client_cert, ca, host);
    greet(SIZE_MAX);
}

static void expect(const struct end *end, int code, const char *text)
{
    cr_assert_eq(end->code, code, "%s: %s", rt_err_name(end->code), end->error.message);
    cr_assert_neq(strstr(end->error.message, text), NULL, "%s", end->error.message);
}

Test(tls, a_server_of_another_authority_is_refused)
{
    meet("server", "other_ca.pem", "localhost", NULL, NULL);
    expect(&client, RT_EDENIED, "the server's certificate is refused: unable to get local issuer");
    expect(&server, RT_EDENIED, "the other side refuses our certificate");
    cr_assert(!rt_tls_ready(server.session));
    done();
}

Test(tls, an_expired_certificate_is_refused)
{
    meet("expired", "ca.pem", "localhost", NULL, NULL);
    expect(&client, RT_EDENIED, "the server's certificate is refused: certificate has expired");
    expect(&server, RT_EDENIED, "the other side refuses our certificate");
    done();
}

Test(tls, a_certificate_for_another_host_is_refused)
{
    meet("elsewhere", "ca.pem", "localhost", NULL, NULL);
    expect(&client, RT_EDENIED, "the server's certificate is not for 'localhost'");
    done();
    meet("elsewhere", "ca.pem", "127.0.0.1", NULL, NULL);
    expect(&client, RT_EDENIED, "the server's certificate is not for '127.0.0.1'");
    done();
    meet("server", "ca.pem", "127.0.0.1", NULL, NULL);
    cr_assert(rt_tls_ready(client.session) && client.code == 0 && server.code == 0);
    done();
}

Test(tls, a_client_without_a_certificate_is_refused_where_one_is_demanded)
{
    meet("server", "ca.pem", "localhost", NULL, "ca.pem");
    expect(&server, RT_EDENIED, "the client shows no certificate");
    expect(&client, RT_EDENIED, "the server demands a client's certificate");
    cr_assert(!rt_tls_ready(server.session));
    done();
}

Test(tls, a_client_of_another_authority_is_refused)
{
    meet("server", "ca.pem", "localhost", "stranger", "ca.pem");
    expect(&server, RT_EDENIED, "the client's certificate is refused: unable to get local issuer");
    expect(&client, RT_EDENIED, "the other side refuses our certificate");
    done();
}

Test(tls, the_names_of_a_certificate_are_compared_byte_for_byte)
{
    meet("server", "ca.pem", "localhost", "teller", "ca.pem");
    cr_assert(rt_tls_ready(server.session) && server.code == 0);
    cr_assert(rt_tls_peer_is(server.session, RT_STR("teller")));
    cr_assert(rt_tls_peer_is(server.session, RT_STR("narrator")));
    cr_assert_not(rt_tls_peer_is(server.session, RT_STR("Teller")));
    cr_assert_not(rt_tls_peer_is(server.session, RT_STR("telle")));
    cr_assert_not(rt_tls_peer_is(server.session, RT_STR("teller2")));
    cr_assert_not(rt_tls_peer_is(server.session, RT_STR("")));
    done();
    meet("server", "ca.pem", "localhost", NULL, NULL); /* without any certificate */
    cr_assert_not(rt_tls_peer_is(server.session, RT_STR("teller")));
    done();
}

Test(tls, what_is_not_tls_is_told_by_its_first_two_bytes)
{
    static const char *const others[] = {"GET / HTTP/1.1\r\n", "\x16", "\x16\x00\x00\x00", "\x15"};
    for (size_t i = 0; i < 4; i++) {
        end_open(&server, RT_TLS_SERVER, "server", NULL, NULL);
        struct rt_bytes text = rt_bytes(others[i], i == 2 ? 4 : strlen(others[i]));
        int r = rt_tls_input(server.session, text, &server.plain, &server.out, &server.error);
        cr_assert_eq(r, text.len == 1 ? 0 : RT_EUNSUPPORTED);
        cr_assert_eq(server.plain.len, 0);
        end_done(&server);
    }
}

Test(tls, garbage_in_a_handshake_fails_and_crashes_nothing)
{
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        uint8_t bytes[200] = {0x16, 0x03, 0x01, 0x00, 0xc3, 0x01, 0x00, 0x00, 0xbf};
        for (size_t i = round % 2 ? 9 : 5; i < sizeof bytes; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            bytes[i] = (uint8_t)random;
        }
        end_open(&server, RT_TLS_SERVER, "server", NULL, NULL);
        server.code = rt_tls_input(server.session, rt_bytes(bytes, sizeof bytes), &server.plain,
                                   &server.out, &server.error);
        expect(&server, RT_EINVAL, "TLS failed: ");
        cr_assert_eq(server.plain.len, 0);
        end_done(&server);
    }
}

Test(tls, a_changed_byte_ends_the_session)
{
    meet("server", "ca.pem", "localhost", NULL, NULL);
    cr_assert_eq(rt_tls_output(client.session, rt_str_bytes(RT_STR("hello")), &client.out), 0);
    client.out.data[client.out.len - 1] ^= 1;
    talk(SIZE_MAX);
    expect(&server, RT_EINVAL, "TLS failed: ");
    cr_assert_eq(server.plain.len, 0);
    done();
}

static void refused_files(enum rt_tls_side side, const char *cert, const char *key, const char *ca,
                          int code, const char *text)
{
    struct rt_tls_options options = {.cert = cert ? file(cert) : NULL,
                                     .key = key ? file(key) : NULL,
                                     .ca = ca ? file(ca) : NULL};
    struct rt_tls *tls;
    struct rt_error error = {0};
    cr_assert_eq(rt_tls_new(side, &options, &tls, &error), code, "%s", error.message);
    cr_assert_neq(strstr(error.message, text), NULL, "%s", error.message);
}

Test(tls, files_that_cannot_be_used_are_named)
{
    refused_files(RT_TLS_SERVER, "none.pem", "server.key", NULL, RT_ENOTFOUND, "none.pem");
    refused_files(RT_TLS_SERVER, "server.pem", "none.key", NULL, RT_ENOTFOUND, "none.key");
    refused_files(RT_TLS_SERVER, "server.key", "server.key", NULL, RT_EINVAL,
                  "server.key does not hold a certificate");
    refused_files(RT_TLS_SERVER, "server.pem", "server.pem", NULL, RT_EINVAL,
                  "server.pem does not hold a private key");
    refused_files(RT_TLS_SERVER, "server.pem", "teller.key", NULL, RT_EINVAL,
                  "teller.key is not the key of the certificate");
    refused_files(RT_TLS_SERVER, "server.pem", NULL, NULL, RT_EINVAL, "go together");
    refused_files(RT_TLS_SERVER, NULL, NULL, "ca.pem", RT_EINVAL, "needs a certificate");
    refused_files(RT_TLS_CLIENT, NULL, NULL, NULL, RT_EINVAL, "authorities");
    refused_files(RT_TLS_CLIENT, NULL, NULL, "server.key", RT_EINVAL,
                  "server.key does not hold certificates of authorities");
    cr_assert_eq(chmod(file("server.key"), 0640), 0);
    refused_files(RT_TLS_SERVER, "server.pem", "server.key", NULL, RT_EDENIED, "chmod 600");
}
