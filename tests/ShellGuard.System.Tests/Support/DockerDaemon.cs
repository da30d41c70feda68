using System.Diagnostics;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>A daemon of the test's own, without network.</summary>
internal sealed class DockerDaemon : IDisposable
{
    /// <summary>All mounts of an engine stay in a namespace of its own.</summary>
    public static readonly string[] Apart = ["unshare", "-m", "--"];

    private readonly TestArea _area;
    private readonly Process _daemon;

    /// <param name="storage">How it keeps images: vfs copies them, overlay2 lays the container's own layer over them.</param>
    public DockerDaemon(TestArea area, string storage = "vfs")
    {
        _area = area;
        _daemon = Programs.Start(
            [
                .. Apart, "dockerd", "--data-root", $"{area.Root}/docker", "--exec-root", $"{area.Root}/docker-run", "-H", Address,
                "-p", $"{area.Root}/docker.pid", "--iptables=false", "--ip6tables=false", "--bridge=none", $"--storage-driver={storage}",
            ],
            area.Work, area.Environment);
        _daemon.OutputDataReceived += (_, _) => { };
        _daemon.ErrorDataReceived += (_, _) => { };
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
        Programs.WaitUntil(() => _daemon.HasExited || Run("version").Status == 0, "docker's daemon answers", Programs.Patience);
        Assert.False(_daemon.HasExited, "docker's daemon does not start here");
    }

    public Dictionary<string, string> Environment => _area.Environment;

    private string Address => $"unix://{_area.Root}/docker.sock";

    public string[] Words(params string[] words) => ["docker", "-H", Address, .. words];

    public Outcome Run(params string[] words) => Programs.Run(Programs.Start(Words(words), _area.Work, Environment), null);

    public void Dispose()
    {
        // On SIGTERM it ends its containers and its containerd.
        Programs.Run("kill", "-TERM", File.ReadAllText($"{_area.Root}/docker.pid").Trim());
        Assert.True(_daemon.WaitForExit(Programs.Patience), "docker's daemon does not end");
        _daemon.Dispose();
    }
}
