using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>A pod with a securityContext, and a NetworkPolicy.</summary>
public sealed class KubernetesExporter(IHostLook host) : IExporter
{
    public string Name => "kubernetes";

    public string Description => "a Kubernetes securityContext and NetworkPolicy";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        SandboxView view = new(profile, host);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "A pod and its network policy");
        view.Comment(
            comment, "which files are read: the image is there as a whole", "host names: a NetworkPolicy takes addresses only; many clusters' peers have others", "unix sockets",
            "the seccomp profile has to lie on each node below seccomp/; shellguard export seccomp --base runc writes it");
        text.Append("apiVersion: v1\nkind: Pod\nmetadata:\n  name: confined\n  labels:\n    app: confined\nspec:\n  automountServiceAccountToken: false\n"
            + "  securityContext:\n    runAsNonRoot: ").Append(profile.Capabilities.Any() ? "false" : "true")
            .Append("\n    seccompProfile:\n      type: Localhost\n      localhostProfile: confined.json\n"
                + "  containers:\n    - name: confined\n      image: IMAGE\n      command:\n");
        foreach (string word in view.Command)
        {
            text.Append("        - ").Append(Quoted(word)).Append('\n');
        }

        text.Append("      securityContext:\n        allowPrivilegeEscalation: false\n        privileged: false\n        readOnlyRootFilesystem: true\n"
            + "        capabilities:\n          drop: [ALL]\n");
        if (profile.RootCapabilities.Any())
        {
            text.Append("          add: [").AppendJoin(", ", profile.RootCapabilities.Select(name => name[4..])).Append("]\n");
        }

        List<string> volumes = ["/tmp", .. view.Writable.Where(path => !path.Any(char.IsControl) && path != "/tmp")];
        text.Append("      volumeMounts:\n");
        for (int volume = 0; volume < volumes.Count; volume++)
        {
            text.Append(CultureInfo.InvariantCulture, $"        - name: changes-{volume}\n          mountPath: {Quoted(volumes[volume])}\n");
        }

        text.Append("  volumes:\n");
        for (int volume = 0; volume < volumes.Count; volume++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    - name: changes-{volume}\n      emptyDir: {{}}\n");
        }

        text.Append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: confined\nspec:\n  podSelector:\n    matchLabels:\n      app: confined\n"
            + "  policyTypes: [Ingress, Egress]\n");
        Endpoints(text, profile, "egress", "to", profile.Connects.Where(endpoint => !endpoint.IsLoopback && endpoint.Port > 0));
        Ingress(text, profile);
        return text.ToString();
    }

    private static void Endpoints(StringBuilder text, AccessProfile profile, string key, string side, IEnumerable<ProfileEndpoint> endpoints)
    {
        List<ProfileEndpoint> all = [.. endpoints];
        text.Append("  ").Append(key).Append(all.Count == 0 ? ": []\n" : ":\n");
        foreach (ProfileEndpoint endpoint in all)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    # {CommentText.Evidence(profile, endpoint.Evidence)}\n    - {side}:\n        - ipBlock:\n            cidr: {Quoted($"{endpoint.Host}/{(endpoint.IsIPv6 ? 128 : 32)}")}\n"
                + $"      ports:\n        - protocol: {endpoint.Protocol.ToUpperInvariant()}\n          port: {endpoint.Port}\n");
        }
    }

    private static void Ingress(StringBuilder text, AccessProfile profile)
    {
        List<ProfileEndpoint> all = [.. profile.Listens.Where(endpoint => !endpoint.IsLoopback && endpoint.Port > 0)];
        text.Append(all.Count == 0 ? "  ingress: []\n" : "  ingress:\n");
        foreach (ProfileEndpoint endpoint in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"    - ports:\n        - protocol: {endpoint.Protocol.ToUpperInvariant()}\n          port: {endpoint.Port}\n");
        }
    }

    /// <summary>A double-quoted scalar of YAML is a string of JSON.</summary>
    private static string Quoted(string value) => $"\"{System.Text.Json.JsonEncodedText.Encode(value)}\"";
}
