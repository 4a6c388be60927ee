import COpenSSL
import Foundation
import Testing

@testable import Component

/// A certificate with its key, made by the test that uses it.
struct TestIdentity: Sendable {
    let certificate: String
    let key: String

    /// Makes one, self-signed unless somebody issues it.
    ///
    /// `days` counts from today; names are written as OpenSSL wants them: `DNS:a`, `IP:::1`.
    init(
        _ commonName: String,
        names: [String] = [],
        days: ClosedRange<Int> = -1...30,
        isAuthority: Bool = false,
        issuer: TestIdentity? = nil
    ) throws {
        let pair = try Self.makeKey()
        defer { EVP_PKEY_free(pair) }
        let x509 = try #require(X509_new())
        defer { X509_free(x509) }
        X509_set_version(x509, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(x509), Int.random(in: 1...(1 << 40)))
        X509_gmtime_adj(X509_getm_notBefore(x509), days.lowerBound * 86_400)
        X509_gmtime_adj(X509_getm_notAfter(x509), days.upperBound * 86_400)
        X509_set_pubkey(x509, pair)
        X509_NAME_add_entry_by_txt(
            X509_get_subject_name(x509),
            "CN",
            0x1000,
            commonName,
            -1,
            -1,
            0
        )
        let signer = try issuer.map { try ($0.makeX509(), $0.makePrivateKey()) }
        defer {
            X509_free(signer?.0)
            EVP_PKEY_free(signer?.1)
        }
        X509_set_issuer_name(x509, X509_get_subject_name(signer?.0 ?? x509))
        try Self.add(NID_basic_constraints, "critical,CA:\(isAuthority ? "TRUE" : "FALSE")", x509)
        if !names.isEmpty {
            try Self.add(NID_subject_alt_name, names.joined(separator: ","), x509)
        }
        try #require(X509_sign(x509, signer?.1 ?? pair, EVP_sha256()) > 0)
        certificate = try Self.pem { PEM_write_bio_X509($0, x509) }
        key = try Self.pem { PEM_write_bio_PrivateKey($0, pair, nil, nil, 0, nil, nil) }
    }

    var fingerprint: CertificateFingerprint {
        get throws {
            let x509 = try makeX509()
            defer { X509_free(x509) }
            return try #require(PeerCertificate(pointer: x509).fingerprint)
        }
    }

    /// For whoever frees it.
    func makeX509() throws -> OpaquePointer {
        let bio = MemoryBIO()
        defer { bio.free() }
        bio.write(.init(string: certificate))
        return try #require(PEM_read_bio_X509(bio.pointer, nil, nil, nil))
    }

    /// For whoever frees it.
    func makePrivateKey() throws -> OpaquePointer {
        let bio = MemoryBIO()
        defer { bio.free() }
        bio.write(.init(string: key))
        return try #require(PEM_read_bio_PrivateKey(bio.pointer, nil, nil, nil))
    }

    private static func makeKey() throws -> OpaquePointer {
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try #require(EVP_PKEY_keygen_init(context) == 1)
        try #require(EVP_PKEY_CTX_set_group_name(context, "P-256") == 1)
        try #require(EVP_PKEY_generate(context, &key) == 1)
        return try #require(key)
    }

    private static func add(_ extension: Int32, _ value: String, _ x509: OpaquePointer) throws {
        let made = try #require(X509V3_EXT_conf_nid(nil, nil, `extension`, value))
        defer { X509_EXTENSION_free(made) }
        try #require(X509_add_ext(x509, made, -1) == 1)
    }

    private static func pem(_ write: (OpaquePointer) -> Int32) throws -> String {
        let bio = MemoryBIO()
        defer { bio.free() }
        try #require(write(bio.pointer) == 1)
        return try String(buffer: #require(bio.read()))
    }
}

/// A folder with what a test writes, gone with the test.
final class TestFolder: Sendable {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "component-tests-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }
}
