import NIOHTTP1

/// What is answered over HTTP: the metrics, whether we live, and whether we are of use.
struct MonitoringPages: Sendable {
    struct Page: Hashable, Sendable {
        var status = HTTPResponseStatus.ok
        var mediaType = "text/plain; charset=utf-8"
        var text: String
    }

    /// Whether something is as it should be, and what there is to say of it.
    struct Finding: Hashable, Sendable {
        let isWell: Bool
        let text: String
    }

    let metrics: @Sendable () async -> [MetricSample]
    /// Whether the process can do anything at all.
    let health: @Sendable () async -> Finding
    /// Whether it is connected, and in its rooms.
    let readiness: @Sendable () async -> Finding

    func page(_ method: HTTPMethod, _ target: String) async -> Page {
        guard method == .GET || method == .HEAD else {
            return Page(status: .methodNotAllowed, text: "GET and HEAD only.\n")
        }
        switch target.prefix(while: { $0 != "?" }) {
        case "/metrics":
            return Page(
                mediaType: PrometheusText.mediaType,
                text: PrometheusText(await metrics()).text
            )
        case "/healthz":
            return Page(await health())
        case "/readyz":
            return Page(await readiness())
        default:
            return Page(status: .notFound, text: "Here are /metrics, /healthz and /readyz.\n")
        }
    }
}

extension MonitoringPages.Page {
    fileprivate init(_ finding: MonitoringPages.Finding) {
        self.init(status: finding.isWell ? .ok : .serviceUnavailable, text: finding.text + "\n")
    }
}
