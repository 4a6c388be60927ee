import Foundation

/// Which files in the output folder are ours, each with a fingerprint of what we wrote.
///
/// Only what is named here is ever removed, and only while it is still what we wrote.
struct SiteManifest: Equatable {
    static let name = ".broadsheet-site"

    var fingerprints: [String: String] = [:]

    /// One file a line: fingerprint, blank, path.
    init(text: String) {
        for line in text.split(separator: "\n") {
            guard let blank = line.firstIndex(of: " ") else { continue }
            let path = String(line[line.index(after: blank)...])
            guard SitePath(path.split(separator: "/").map(String.init))?.file == path else {
                continue
            }
            fingerprints[path] = String(line[..<blank])
        }
    }

    var text: String {
        fingerprints.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }.joined()
    }

    /// FNV-1a in 64 bits: it tells a changed file from an unchanged one, and guards nothing.
    static func fingerprint(_ bytes: Data) -> String {
        let hash = bytes.withUnsafeBytes { bytes in
            bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
                (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
        }
        return String(hash, radix: 16)
    }
}
