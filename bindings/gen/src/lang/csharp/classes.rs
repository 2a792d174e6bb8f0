//! `Classes.g.cs`: what is alike but for a name: an exception a group of statuses, a method a verb.

use std::fmt::Write as _;

/// Hundred of the status, name, what it is about.
const GROUPS: &[(u32, &str, &str)] = &[
    (1, "Usage", "arguments, configuration, keys"),
    (2, "Signature", "signatures and encryption"),
    (3, "Transport", "network and TLS"),
    (4, "Api", "answers"),
    (
        5,
        "Process",
        "cancelled, out of memory, another process's object",
    ),
    (9, "Internal", "a defect of the library"),
];

/// Verb, and whether a body goes with it.
const VERBS: &[(&str, bool)] = &[
    ("Get", false),
    ("Post", true),
    ("Put", true),
    ("Patch", true),
    ("Delete", true),
];

/// Two calls each, one after the other.
const IN_ONE: &str = r#"
        /// <summary>Sends a file; what is signed is the part `meta`, made when it is not given.</summary>
        public Message Upload(string url, string filename, Body file, string contentType = "", string meta = "", CallOptions options = null)
        {
            using (Message request = Message.Upload(url, filename, file, contentType, meta, options)) return Send(request);
        }

        /// <summary>The same on a thread of its own.</summary>
        public async Task<Message> UploadAsync(string url, string filename, Body file, string contentType = "", string meta = "", CancellationToken cancellationToken = default, CallOptions options = null)
        {
            using (Message request = Message.Upload(url, filename, file, contentType, meta, options)) return await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Downloads to a file, which is there only when all of it was right; see <see cref="LibWxPay.Download.Save"/>.</summary>
        public void DownloadTo(Body source, string path, Action<long, long> progress = null, CancellationToken cancellationToken = default)
        {
            using (Download download = DownloadOpen(source)) download.Save(path, progress, cancellationToken);
        }

        /// <summary>The same on a thread of its own.</summary>
        public Task DownloadToAsync(Body source, string path, Action<long, long> progress = null, CancellationToken cancellationToken = default) =>
            OwnThread(() => { DownloadTo(source, path, progress, cancellationToken); return 0; });

        /// <summary>Downloads a bill of any size. No row is given before all of it was right.</summary>
        public Bill Bill(Body source)
        {
            using (Download download = DownloadOpen(source)) return LibWxPay.Bill.OpenDownload(download);
        }

        /// <summary>API v2: signs, sends and verifies; `json` has the fields. Gives the answer and its fields as JSON.</summary>
        public (Message Response, string Json) V2Call(string path, string json, string signType = "")
        {
            using (Message request = V2Prepare(path, json, signType)) return V2Send(request);
        }

        /// <summary>The same on a thread of its own; what is said of SendAsync holds.</summary>
        public Task<(Message Response, string Json)> V2CallAsync(string path, string json, string signType = "", CancellationToken cancellationToken = default) => OwnThread(() =>
        {
            using (Message request = V2Prepare(path, json, signType))
            using (cancellationToken.Register(request.Cancel)) return V2Send(request);
        });
"#;

pub fn text() -> String {
    let mut out = String::from(
        "using System;\nusing System.Threading;\nusing System.Threading.Tasks;\n\nnamespace LibWxPay\n{\n    public partial class WxPayException\n    {\n        // By group: a number that a later version adds has the class of its group.\n        internal static WxPayException From(int status, ErrorHandle error)\n        {\n            switch (status / 100)\n            {\n",
    );
    for (hundred, name, _) in GROUPS {
        let _ = writeln!(
            out,
            "                case {hundred}: return new WxPay{name}Exception(status, error);"
        );
    }
    out.push_str("                default: return new WxPayException(status, error);\n            }\n        }\n    }\n");
    for (hundred, name, about) in GROUPS {
        let _ = write!(
            out,
            "\n    /// <summary>Statuses {hundred}00 to {hundred}99: {about}.</summary>\n    public sealed class WxPay{name}Exception : WxPayException\n    {{\n        internal WxPay{name}Exception(int status, ErrorHandle error) : base(status, error) {{ }}\n    }}\n"
        );
    }
    out.push_str("\n    public sealed partial class Client\n    {");
    for (name, has_body) in VERBS {
        let (parameter, argument) = if *has_body {
            ("Body body = default, ", "body")
        } else {
            ("", "default")
        };
        let verb = name.to_uppercase();
        let _ = write!(
            out,
            "\n        /// <summary>Signs a {verb}, sends it and verifies the answer.</summary>\n        public Message {name}(string url, {parameter}CallOptions options = null) {{ return Call(\"{verb}\", url, {argument}, options); }}\n\
             \n        /// <summary>Signs a {verb}, sends it and verifies the answer, on a thread of its own.</summary>\n        public Task<Message> {name}Async(string url, {parameter}CancellationToken cancellationToken = default, CallOptions options = null) {{ return CallAsync(\"{verb}\", url, {argument}, cancellationToken, options); }}\n"
        );
    }
    out.push_str(IN_ONE);
    out.push_str("    }\n}\n");
    out
}
