/*
 * Certificates for tests, made with libcrypto when they are needed.
 */
#ifndef TESTS_SUPPORT_CERTIFICATES_H
#define TESTS_SUPPORT_CERTIFICATES_H

/* Writes into `dir`, as NAME.pem and NAME.key (mode 0600):
 *   ca, other_ca      two authorities
 *   server            for localhost and 127.0.0.1
 *   elsewhere         a server's, for elsewhere.example
 *   expired           for localhost and 127.0.0.1, until yesterday
 *   teller            a client's: common name "teller", alternative name "narrator"
 *   stranger          a client's, common name "teller", from other_ca
 * Panics when it cannot. */
void certificates_make(const char *dir);

#endif
