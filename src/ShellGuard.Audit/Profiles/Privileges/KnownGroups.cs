namespace ShellGuard.Audit.Profiles.Privileges;

/// <summary>What membership of a group gives beyond one file.</summary>
internal static class KnownGroups
{
    public static string? Cost(string group) => group switch
    {
        "docker" or "podman" or "lxd" or "libvirt" or "containerd" => "as good as root: it starts containers with the host's root directory",
        "disk" => "as good as root: it reads and writes every file system as bytes",
        "sudo" or "wheel" or "admin" => "as good as root: it may become root",
        "shadow" => "reads the password hashes of all users",
        "kmem" => "reads the kernel's memory",
        "adm" => "reads most logs of the host",
        "systemd-journal" => "reads the whole journal of the host",
        "staff" => "writes /usr/local, which root executes",
        "root" => "reads what root's group reads",
        _ => null,
    };
}
