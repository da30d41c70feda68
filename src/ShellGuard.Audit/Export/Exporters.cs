using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>The targets.</summary>
public static class Exporters
{
    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<IExporter> All(IHostLook host) =>
    [
        new PolicyExporter(host),
        new SeccompExporter(),
        new SystemdExporter(host),
        new AppArmorExporter(),
        new LandlockExporter(host),
        new BubblewrapExporter(host),
        new FirejailExporter(host),
        new SudoersExporter(),
        new DoasExporter(),
        new ContainerExporter("docker", host),
        new ContainerExporter("podman", host),
        new KubernetesExporter(host),
    ];
}
