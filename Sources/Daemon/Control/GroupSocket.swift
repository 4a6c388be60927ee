import Foundation
import Glibc
import NIOCore

/// A listening socket of this machine whose file only its owner and their group may open.
///
/// That holds from the first moment on: what Linux gives the file is what the socket has been given
/// before it is bound. Whoever changed the file's rights afterwards would leave a gap.
enum GroupSocket {
    private static let mode: mode_t = 0o660

    /// Binds one to the path; a file left over by a service that died is replaced.
    ///
    /// - Throws: `IOError` with the system's reason, or `SocketAddressError` if the path is too long.
    static func bind(to path: String) throws -> NIOBSDSocket.Handle {
        let address = try SocketAddress(unixDomainSocketPath: path)
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw failure("socket") }
        do {
            try removeLeftOver(path)
            guard fchmod(descriptor, mode) == 0 else { throw failure("fchmod") }
            let status = address.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
            guard status == 0 else { throw failure("bind") }
            // The umask may have taken the group's rights away; they are given back.
            guard chmod(path, mode) == 0 else { throw failure("chmod") }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Anything but a socket stays, and is in the way.
    private static func removeLeftOver(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink") }
    }

    private static func failure(_ call: String) -> IOError {
        IOError(errnoCode: errno, reason: call)
    }
}
