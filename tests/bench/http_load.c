/*
 * A load generator: keep-alive connections that each send the same request as soon as the reply
 * to the last one is there.
 *
 *   http_load [options] PORT PATH
 *     -c N        connections (64)
 *     -d SECONDS  measured (5)
 *     -w SECONDS  before that, not measured (1)
 *     -m METHOD   (GET)
 *     -H LINE     a header, "Name: value"; may be repeated
 *     -b TEXT     body; Content-Length is added
 *
 * Prints one line of JSON: requests, requests_per_s, p50_us, p99_us, max_us, not_2xx, errors.
 * Exits with 1 when nothing was answered or a connection broke.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <llhttp.h>
#include <uv.h>

enum {
    READ_SIZE = 256 * 1024,
    REQUEST_MAX = 64 * 1024,
    HISTOGRAM_MAX_US = 1000 * 1000, /* slower replies count as this */
};

struct client {
    uv_tcp_t tcp;
    uv_connect_t connect;
    llhttp_t parser;
    uint64_t sent_ns;
    bool open;
};

static struct {
    uv_loop_t *loop;
    char request[REQUEST_MAX];
    size_t request_len;
    bool head_only;
    int port;
    bool measuring;
    uint64_t started_ns;
    uint64_t ended_ns;
    uint64_t requests;
    uint64_t not_2xx;
    uint64_t errors;
    uint32_t histogram[HISTOGRAM_MAX_US + 1]; /* by microseconds */
} load;

static char read_buffer[READ_SIZE];
static llhttp_settings_t settings;

static void fail(struct client *client)
{
    load.errors++;
    client->open = false;
    if (!uv_is_closing((uv_handle_t *)&client->tcp))
        uv_close((uv_handle_t *)&client->tcp, NULL);
}

static void on_written(uv_write_t *write, int status)
{
    struct client *client = write->data;
    free(write);
    if (status != 0 && client->open)
        fail(client);
}

static void send_request(struct client *client)
{
    uv_buf_t buf = uv_buf_init(load.request, (unsigned)load.request_len);
    client->sent_ns = uv_hrtime();
    int sent = uv_try_write((uv_stream_t *)&client->tcp, &buf, 1);
    if (sent == (int)load.request_len)
        return;
    uv_write_t *write = malloc(sizeof *write);
    size_t taken = sent > 0 ? (size_t)sent : 0;
    buf = uv_buf_init(load.request + taken, (unsigned)(load.request_len - taken));
    if (!write)
        abort();
    write->data = client;
    if (uv_write(write, (uv_stream_t *)&client->tcp, &buf, 1, on_written) != 0) {
        free(write);
        fail(client);
    }
}

static int on_headers_complete(llhttp_t *parser)
{
    (void)parser;
    return load.head_only;
}

static int on_message_complete(llhttp_t *parser)
{
    struct client *client = parser->data;
    if (load.measuring) {
        uint64_t us = (uv_hrtime() - client->sent_ns) / 1000;
        load.histogram[us < HISTOGRAM_MAX_US ? us : HISTOGRAM_MAX_US]++;
        load.requests++;
        load.not_2xx += parser->status_code < 200 || parser->status_code > 299;
    }
    send_request(client);
    return 0;
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    (void)handle;
    (void)size;
    *buf = uv_buf_init(read_buffer, READ_SIZE);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct client *client = stream->data;
    if (nread == 0 || !client->open)
        return;
    if (nread < 0 || llhttp_execute(&client->parser, buf->base, (size_t)nread) != HPE_OK)
        fail(client);
}

static void on_connected(uv_connect_t *connect, int status)
{
    struct client *client = connect->data;
    if (status != 0) {
        fail(client);
        return;
    }
    uv_tcp_nodelay(&client->tcp, 1);
    uv_read_start((uv_stream_t *)&client->tcp, on_alloc, on_read);
    send_request(client);
}

static void open_client(struct client *client)
{
    struct sockaddr_in address;
    uv_ip4_addr("127.0.0.1", load.port, &address);
    uv_tcp_init(load.loop, &client->tcp);
    client->tcp.data = client->connect.data = client;
    client->open = true;
    llhttp_init(&client->parser, HTTP_RESPONSE, &settings);
    client->parser.data = client;
    if (uv_tcp_connect(&client->connect, &client->tcp, (struct sockaddr *)&address, on_connected) !=
        0)
        fail(client);
}

static void on_end(uv_timer_t *timer)
{
    load.ended_ns = uv_hrtime();
    load.measuring = false;
    uv_stop(timer->loop);
}

static void on_warm(uv_timer_t *timer)
{
    uint64_t *ms = timer->data;
    load.measuring = true;
    load.started_ns = uv_hrtime();
    uv_timer_start(timer, on_end, *ms, 0);
}

/* The latency that `share` of all requests stayed within, in microseconds. */
static unsigned percentile(double share)
{
    uint64_t rank = (uint64_t)((double)load.requests * share);
    uint64_t seen = 0;
    for (unsigned us = 0; us <= HISTOGRAM_MAX_US; us++) {
        seen += load.histogram[us];
        if (seen > rank)
            return us;
    }
    return HISTOGRAM_MAX_US;
}

static unsigned slowest(void)
{
    unsigned us = HISTOGRAM_MAX_US;
    while (us > 0 && load.histogram[us] == 0)
        us--;
    return us;
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: http_load [-c N] [-d SECONDS] [-w SECONDS] [-m METHOD] [-H LINE]... "
                    "[-b TEXT] PORT PATH\n");
    exit(2);
}

static void append(const char *text)
{
    size_t len = strlen(text);
    if (len > REQUEST_MAX - load.request_len)
        usage();
    memcpy(load.request + load.request_len, text, len);
    load.request_len += len;
}

struct arguments {
    int connections;
    double seconds;
    double warm_seconds;
    const char *method;
    const char *body;
    char headers[REQUEST_MAX / 2];
};

static void parse(int argc, char **argv, struct arguments *a)
{
    int option;
    while ((option = getopt(argc, argv, "c:d:w:m:H:b:")) != -1) {
        size_t len = strlen(a->headers);
        switch (option) {
        case 'c':
            a->connections = atoi(optarg);
            break;
        case 'd':
            a->seconds = atof(optarg);
            break;
        case 'w':
            a->warm_seconds = atof(optarg);
            break;
        case 'm':
            a->method = optarg;
            break;
        case 'H':
            snprintf(a->headers + len, sizeof a->headers - len, "%s\r\n", optarg);
            break;
        case 'b':
            a->body = optarg;
            break;
        default:
            usage();
        }
    }
    if (optind != argc - 2 || a->connections < 1 || a->seconds <= 0)
        usage();
    load.port = atoi(argv[optind]);
    char text[64];
    append(a->method);
    append(" ");
    append(argv[optind + 1]);
    append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    append(a->headers);
    if (a->body) {
        snprintf(text, sizeof text, "Content-Length: %zu\r\n", strlen(a->body));
        append(text);
    }
    append("\r\n");
    append(a->body ? a->body : "");
    load.head_only = strcmp(a->method, "HEAD") == 0;
}

int main(int argc, char **argv)
{
    static struct arguments a = {
        .connections = 64, .seconds = 5, .warm_seconds = 1, .method = "GET"};
    uv_timer_t timer;
    parse(argc, argv, &a);
    signal(SIGPIPE, SIG_IGN);
    load.loop = uv_default_loop();
    llhttp_settings_init(&settings);
    settings.on_headers_complete = on_headers_complete;
    settings.on_message_complete = on_message_complete;
    struct client *clients = calloc((size_t)a.connections, sizeof *clients);
    if (!clients)
        abort();
    for (int i = 0; i < a.connections; i++)
        open_client(&clients[i]);
    uint64_t measured_ms = (uint64_t)(a.seconds * 1000);
    uv_timer_init(load.loop, &timer);
    timer.data = &measured_ms;
    uv_timer_start(&timer, on_warm, (uint64_t)(a.warm_seconds * 1000), 0);
    uv_run(load.loop, UV_RUN_DEFAULT);
    double seconds = (double)(load.ended_ns - load.started_ns) / 1e9;
    printf("{\"requests\":%llu,\"requests_per_s\":%.0f,\"p50_us\":%u,\"p99_us\":%u,"
           "\"max_us\":%u,\"not_2xx\":%llu,\"errors\":%llu}\n",
           (unsigned long long)load.requests, (double)load.requests / seconds, percentile(0.5),
           percentile(0.99), slowest(), (unsigned long long)load.not_2xx,
           (unsigned long long)load.errors);
    free(clients);
    return load.requests == 0 || load.errors > 0;
}
