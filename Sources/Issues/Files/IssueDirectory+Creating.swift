import Foundation

extension IssueDirectory {
    /// Puts a new file there, whole or not at all; one that is there already stays as it is.
    public func create(_ name: IssueFileName, _ text: String) throws(NewIssueFileError) {
        let target = "\(path)/\(name.rawValue)"
        // Hidden, so that nobody takes it for an issue.
        var template = Array("\(path)/.\(name.rawValue).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .unwritable(name.rawValue, reason: Self.reason) }
        let temporary = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        defer { unlink(temporary) }
        let isWritten = Self.write(Array(text.utf8), to: descriptor)
        let reason = Self.reason
        close(descriptor)
        guard isWritten else { throw .unwritable(name.rawValue, reason: reason) }
        // Unlike a rename, a link fails if there is such a file.
        guard link(temporary, target) == 0 else {
            throw errno == EEXIST
                ? .exists(name.rawValue) : .unwritable(name.rawValue, reason: Self.reason)
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }

    /// Writes all of it, down to the disk, and lets others read the file.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var position = 0
        while position < bytes.count {
            let count = bytes[position...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            position += count
        }
        return fchmod(descriptor, 0o664 & ~fileMask) == 0 && fsync(descriptor) == 0
    }

    /// What the process's settings keep from others; reading it means setting it.
    private static let fileMask: mode_t = {
        let mask = umask(0o022)
        umask(mask)
        return mask
    }()
}

/// Why a new issue's file was not written.
public enum NewIssueFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case exists(String)
    case unwritable(String, reason: String)

    public var description: String {
        switch self {
        case .exists(let name): "There is a file \(name) already, and it stays as it is."
        case .unwritable(let name, let reason):
            "The file \(name) can't be written: \(reason). The service needs the right to write in "
                + "the directory of issues."
        }
    }
}
