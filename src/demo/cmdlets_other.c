/* Cmdlets of the demo tenant: facts of the real service's cmdlets. demo/cmdlets.h explains the notation. */
#include "demo/cmdlets.h"

const char *const cmdlets_other[] = {
    "Get-Group Identity -"
    " Identity:o@Identity/0vp RecipientTypeDetails:O=MailNonUniversalGroup|MailUniversalDistributionGroup|"
    "MailUniversalSecurityGroup|NonUniversalGroup|RoomList|UniversalDistributionGroup|UniversalSecurityGroup"
    " ResultSize:R SortBy:s",
    "Get-ManagementRole Identity -"
    " Cmdlet:s@Identity CmdletParameters:S@Identity GetChildren:w@GetChildren/! Identity:o@GetChildren/!0vp,"
    "Recurse/!0vp,Identity/0vp,Script/0vp Recurse:w@Recurse/! RoleType:o Script:s@Script"
    " ScriptParameters:S@Script",
    "Get-ProtectionAlert Identity -"
    " Identity:o@Identity/0vp IncludeRuleXml:w",
    "New-ProtectionAlert Identity M"
    " AggregationType:o=None|SimpleAggregation|AnomalousAggregation AlertBy:o=Activity|Malware AlertFor:o"
    " Category:o=AccessGovernance|ComplianceManager|DataGovernance|MailFlow|Others|PrivacyManagement|"
    "Supervision|ThreatManagement@*/! Comment:s@Default CorrelationPolicyId:o CustomProperties:H"
    " Description:s Disabled:b@Default ExternalScenarioData:o Filter:s LogicalOperationName:s Name:s@*/!"
    " NotificationCulture:u NotificationEnabled:b NotifyUser:o NotifyUserOnFilterMatch:b"
    " NotifyUserSuppressionExpiryDate:D NotifyUserThrottleThreshold:I NotifyUserThrottleWindow:I Operation:o"
    " PrivacyManagementScopedSensitiveInformationTypes:o"
    " PrivacyManagementScopedSensitiveInformationTypesForCounting:o"
    " PrivacyManagementScopedSensitiveInformationTypesThreshold:I Severity:o=Low|Medium|High StreamType:o"
    " ThreatType:o=Activity|Malware@*/! Threshold:I TimeWindow:I UseCreatedDateTime:o VolumeThreshold:I",
    "Remove-ProtectionAlert Identity H"
    " ForceDeletion:w Identity:o@Identity/!0vp",
    "Set-ProtectionAlert Identity M"
    " AggregationType:o=None|SimpleAggregation|AnomalousAggregation AlertBy:o=Activity|Malware AlertFor:o"
    " Category:o=AccessGovernance|ComplianceManager|DataGovernance|MailFlow|Others|PrivacyManagement|"
    "Supervision|ThreatManagement Comment:s Description:s Disabled:b ExternalScenarioData:o Filter:s"
    " Identity:o@Identity/!0vp NotificationCulture:u NotificationEnabled:b NotifyUser:o"
    " NotifyUserOnFilterMatch:b NotifyUserSuppressionExpiryDate:D NotifyUserThrottleThreshold:I"
    " NotifyUserThrottleWindow:I Operation:o PrivacyManagementScopedSensitiveInformationTypes:o"
    " PrivacyManagementScopedSensitiveInformationTypesForCounting:o"
    " PrivacyManagementScopedSensitiveInformationTypesThreshold:I Severity:o=Low|Medium|High Threshold:I"
    " TimeWindow:I VolumeThreshold:I",
    "Delete-QuarantineMessage - H"
    " EntityType:o=Email|SharePointOnline|Teams|DataLossPrevention HardDelete:w Identities:O@Identities/!"
    " Identity:o@IdentityOnly/!p,Identities/p RecipientAddress:S",
    "Get-QuarantineMessage Summary -"
    " Direction:o=Inbound|Outbound@Summary EndExpiresDate:D@Summary EndReceivedDate:D@Summary"
    " EntityType:o=Email|SharePointOnline|Teams|DataLossPrevention Identity:o@Details/!p"
    " IncludeMessagesFromBlockedSenderAddress:w@Summary MessageId:s@Summary"
    " MoveToQuarantineAdminActionTakenBy:s@Summary MoveToQuarantineApprovalId:o@Summary MyItems:w@Summary"
    " NetworkMessageId:s@Summary,Details Page:I@Summary PageSize:I@Summary PolicyName:s@Summary"
    " PolicyTypes:O=AntiMalwarePolicy|AntiPhishPolicy|DataLossPreventionRule|ExchangeTransportRule|"
    "HostedContentFilterPolicy|SafeAttachmentPolicy@Summary QuarantineTypes:O=Bulk|DataLossPrevention|"
    "FileTypeBlock|HighConfPhish|Malware|Phish|Spam|SPOMalware|TransportRule@Summary"
    " RecipientAddress:S@Summary,Details RecipientTag:S@Summary ReleaseStatus:O=Approved|Denied|Error|"
    "NotReleased|PreparingToRelease|Released|Requested@Summary Reported:B@Summary"
    " SearchTemporaryDeletedMessage:w@Details SenderAddress:S StartExpiresDate:D@Summary"
    " StartReceivedDate:D@Summary Subject:s@Summary TeamsConversationTypes:O=Channel|Chat Type:o=Bulk|"
    "DataLossPrevention|HighConfPhish|Malware|Phish|Spam|SPOMalware|TransportRule@Summary",
    "Release-QuarantineMessage IdentityOnly M"
    " ActionType:o=Deny|Release|Request AllowSender:w DecryptionHint:s Delete:w@OrgReleaseToAll EntityType:o"
    " Force:w Identities:O@Identitities/!,OrgReleaseToAll,OrgReleaseToUser Identity:o@IdentityOnly/!p,"
    "Identitities/p,OrgReleaseToAll/p,OrgReleaseToUser/p ReleaseToAll:w@OrgReleaseToAll/!,OceReleaseToAll/!"
    " ReportFalsePositive:w User:S@OrgReleaseToUser/!,OceReleaseToUser/!",
    "Get-Recipient Identity -"
    " Anr:s@AnrSet AuthenticationType:o=Federated|Managed BookmarkDisplayName:s@Identity Capabilities:o"
    " Filter:s Identity:o@Identity/0vp IncludeBookmarkObject:b@Identity Properties:S PropertySet:o"
    " RecipientPreviewFilter:s@RecipientPreviewFilterSet RecipientType:O=DynamicDistributionGroup|"
    "MailContact|MailNonUniversalGroup|MailUniversalDistributionGroup|MailUniversalSecurityGroup|MailUser|"
    "PublicFolder|UserMailbox RecipientTypeDetails:O=DiscoveryMailbox|DynamicDistributionGroup|"
    "EquipmentMailbox|GroupMailbox|GuestMailUser|LegacyMailbox|LinkedMailbox|LinkedRoomMailbox|MailContact|"
    "MailForestContact|MailNonUniversalGroup|MailUniversalDistributionGroup|MailUniversalSecurityGroup|"
    "MailUser|PublicFolder|PublicFolderMailbox|RemoteEquipmentMailbox|RemoteRoomMailbox|RemoteSharedMailbox|"
    "RemoteTeamMailbox|RemoteUserMailbox|RoomList|RoomMailbox|SchedulingMailbox|SharedMailbox|"
    "SharedWithMailUser|TeamMailbox|UserMailbox ResultSize:R SortBy:s",
    "Get-RoleGroup Identity -"
    " Filter:s Identity:o@Identity/0vp ResultSize:R ShowPartnerLinked:w SortBy:s",
    "New-RoleGroup - M"
    " Description:s DisplayName:s Force:w Id:o@Default Members:o Name:s@*/!0 Roles:O",
    "Add-RoleGroupMember - M"
    " Identity:o@*/!0vp Member:o@*/!vp",
    "Get-RoleGroupMember - -"
    " Identity:o@Identity/!0v ResultSize:R",
    "Remove-RoleGroupMember - H"
    " Identity:o@*/!0vp Member:o@*/!vp",
    "Get-ServicePrincipal Identity -"
    " Identity:o@Identity/0vp Organization:o",
    "Get-UnifiedAuditLogRetentionPolicy Identity -"
    " Operation:s RecordType:o RetentionDuration:o=ThreeMonths|SixMonths|NineMonths|TwelveMonths|TenYears"
    " UserId:s",
    "Get-User Identity -"
    " Filter:s Identity:o@Identity/0vp PublicFolder:w RecipientTypeDetails:O=DisabledUser|DiscoveryMailbox|"
    "EquipmentMailbox|GuestMailUser|GroupMailbox|LegacyMailbox|LinkedMailbox|LinkedRoomMailbox|LinkedUser|"
    "MailUser|PublicFolderMailbox|RemoteEquipmentMailbox|RemoteRoomMailbox|RemoteSharedMailbox|"
    "RemoteTeamMailbox|RemoteUserMailbox|RoomMailbox|SchedulingMailbox|SharedMailbox|SharedWithMailUser|"
    "TeamMailbox|User|UserMailbox ResultSize:R SortBy:s",
    "Export-ActivityExplorerData - -"
    " EndTime:D@*/! Filter1:S Filter2:S Filter3:S Filter4:S Filter5:S OutputFormat:s=csv|json@*/! PageCookie:s PageSize:i"
    " StartTime:D@*/!",
    "Export-ContentExplorerData - -"
    " Aggregate:w ConfidenceLevel:s=high|medium|low PageCookie:s PageSize:i SiteUrl:s TagName:s@*/!"
    " TagType:s=Retention|SensitiveInformationType|Sensitivity|TrainableClassifier@*/! UserPrincipalName:s"
    " Workload:s=EXO|Exchange|ODB|OneDrive|SPO|SharePoint|Teams",
    NULL,
};
