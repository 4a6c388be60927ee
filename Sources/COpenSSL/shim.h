#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What OpenSSL offers as macros that do not reach Swift.

static inline long broadsheet_ctx_set_minimum_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long broadsheet_ctx_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline uint64_t broadsheet_op_no_renegotiation(void) { return SSL_OP_NO_RENEGOTIATION; }

static inline uint64_t broadsheet_op_no_compression(void) { return SSL_OP_NO_COMPRESSION; }

static inline long broadsheet_set_server_name(SSL *session, const char *name) {
    return SSL_set_tlsext_host_name(session, name);
}

// One line, with letters beyond ASCII as they are.
static inline unsigned long broadsheet_name_flags(void) {
    return XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB;
}
