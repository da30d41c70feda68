using System.Globalization;
using System.Text;
using System.Text.Json;
using ShellGuard.Audit.Profiles;
using ShellGuard.Linux.Calls;

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
            comment, "which files are read: the image is there as a whole", "host names: a NetworkPolicy takes addresses only; many clusters' peers have others", "unix sockets", "changeable directories with a colon in the name",
            "the seccomp profile has to lie on each node below seccomp/; shellguard export seccomp --base runc writes it");
        text.Append("apiVersion: v1\nkind: Pod\nmetadata:\n  name: confined\n  labels:\n    app: confined\nspec:\n  automountServiceAccountToken: false\n"
            + "  securityContext:\n    runAsNonRoot: ").Append(profile.Capabilities.Any() ? "false" : "true")
            .Append("\n    seccompProfile:\n      type: Localhost\n      localhostProfile: confined.json\n"
                + "  containers:\n    - name: confined\n      image: IMAGE\n      command:\n");
        // Two dollars are one, and none the name of a variable.
        bool isSaid = view.Command.All(KernelText.IsUnicode);
        foreach (string word in isSaid ? view.Command : [SandboxView.Placeholder])
        {
            text.Append("        - ").Append(Quoted(word.Replace("$", "$$", StringComparison.Ordinal))).Append('\n');
        }

        if (!isSaid)
        {
            comment.Line("The command has bytes that are no text, which YAML cannot say: put it in the place of COMMAND.");
        }

        text.Append("      securityContext:\n        allowPrivilegeEscalation: false\n        privileged: false\n        readOnlyRootFilesystem: true\n"
            + "        capabilities:\n          drop: [ALL]\n");
        if (profile.RootCapabilities.Any())
        {
            text.Append("          add: [").AppendJoin(", ", profile.RootCapabilities.Select(name => name[4..])).Append("]\n");
        }

        List<string> volumes = ["/tmp", .. view.Writable.Where(path => !path.Contains(':', StringComparison.Ordinal) && path != "/tmp")];
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
        Endpoints(text, profile, "egress", "to", profile.Connects.Where(endpoint => !endpoint.IsLoopback && endpoint.HasPort));
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
        List<ProfileEndpoint> all = [.. profile.Listens.Where(endpoint => !endpoint.IsLoopback && endpoint.HasPort)];
        text.Append(all.Count == 0 ? "  ingress: []\n" : "  ingress:\n");
        foreach (ProfileEndpoint endpoint in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"    - ports:\n        - protocol: {endpoint.Protocol.ToUpperInvariant()}\n          port: {endpoint.Port}\n");
        }
    }

    /// <summary>A double-quoted scalar of YAML is a string of JSON, but that it has no halves of characters: what is not of the
    /// first plane has eight digits.</summary>
    private static string Quoted(string value)
    {
        StringBuilder text = new("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            text.Append(rune.IsBmp
                ? JsonEncodedText.Encode(rune.ToString()).ToString()
                : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"));
        }

        return text.Append('"').ToString();
    }
}
