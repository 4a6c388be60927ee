import Glibc

/// The systemd journal, by its native protocol: one datagram an entry, each fact a field.
struct Journal: Sendable {
    private static let path = "/run/systemd/journal/socket"

    private let socket: LocalDatagramSocket

    init?(path: String = Self.path) {
        guard let socket = LocalDatagramSocket(to: path) else { return nil }
        self.socket = socket
    }

    /// Tells whether the entry was taken.
    func write(_ fields: [(name: String, value: String)]) -> Bool {
        socket.send(Self.datagram(fields))
    }

    /// `NAME=value`, or, if the value has line feeds, the name, its length in 8 bytes, and the value.
    static func datagram(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += name.utf8
            if value.utf8.contains(UInt8(ascii: "\n")) {
                bytes.append(UInt8(ascii: "\n"))
                withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes += value.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Whether standard error leads to the journal, by what systemd says of it in `JOURNAL_STREAM`:
    /// device and inode.
    ///
    /// The variable is inherited by whoever we are started from, so it alone proves nothing.
    static func takesStandardError(
        _ stream: String?,
        descriptor: CInt = STDERR_FILENO
    ) -> Bool {
        var status = stat()
        guard let stream, fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
