/* Facts that the service's definitions do not carry: names of enums, which untyped parameters take lists, which are dates.
   Taken from the public reference; the service has the last word, and what it defines itself is never replaced. */
#include "catalogue/known_values.h"

#include "base/mem.h"

/* CMDLET|PARAMETER|closed or open|VALUE|VALUE...; "*-Noun" stands for every verb. closed: nothing else is accepted. */
static const char *const known_values[] = {
    "Export-ActivityExplorerData|OutputFormat|closed|csv|json",
    "New-AdaptiveScope|LocationType|closed|Unknown|User|Group|Site",
    "Get-AdaptiveScopeMembers|State|closed|Added|Removed",
    "*-AppRetentionComplianceRule|ExpirationDateOption|closed|CreationAgeInDays|ModificationAgeInDays",
    "*-AppRetentionComplianceRule|RetentionComplianceAction|closed|Delete|Keep|KeepAndDelete",
    "*-AppRetentionComplianceRule|RetentionDurationDisplayHint|closed|Days|Months|Years",
    "*-AppRetentionComplianceRule|RetentionDuration|open|Unlimited",
    "Set-AuditConfig|Workload|closed|Exchange|InTune|OneDriveForBusiness|SharePoint",
    "*-AutoSensitivityLabelPolicy|Mode|closed|Enable|TestWithNotifications|TestWithoutNotifications|Disable"
        "|PendingDeletion",
    "New-AutoSensitivityLabelPolicy|ExchangeLocation|open|All",
    "Set-AutoSensitivityLabelPolicy|AddExchangeLocation|open|All",
    "Set-AutoSensitivityLabelPolicy|RemoveExchangeLocation|open|All",
    "*-AutoSensitivityLabelRule|AccessScope|closed|InOrganization|NotInOrganization|None",
    "*-AutoSensitivityLabelRule|ExceptIfAccessScope|closed|InOrganization|NotInOrganization|None",
    "*-AutoSensitivityLabelRule|ReportSeverityLevel|closed|Low|Medium|High|None|Informational|Information",
    "*-AutoSensitivityLabelRule|RuleErrorAction|closed|Ignore|RetryThenBlock",
    "*-AutoSensitivityLabelRule|Workload|closed|Exchange|SharePoint|OneDriveForBusiness",
    "Get-ComplianceCase|CaseType|closed|AdvancedEdiscovery|ComplianceClassifier|ComplianceWorkspace"
        "|DataInvestigation|DSR|eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy",
    "New-ComplianceCase|CaseType|closed|AdvancedEdiscovery|ComplianceClassifier|ComplianceWorkspace"
        "|DataInvestigation|DSR|eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy",
    "New-ComplianceSearchAction|ExchangeArchiveFormat|closed|PerUserPst|SinglePst|SingleFolderPst"
        "|IndividualMessage|PerUserZip|SingleZip",
    "New-ComplianceSearchAction|Format|closed|FxStream|Mime|Msg",
    "New-ComplianceSearchAction|PurgeType|closed|SoftDelete|HardDelete",
    "New-ComplianceSearchAction|Scenario|closed|AnalyzeWithZoom|General|GenerateReportsOnly|Inventory"
        "|RetentionReports|TriagePreview",
    "New-ComplianceSearchAction|Scope|closed|IndexedItemsOnly|UnindexedItemsOnly|BothIndexedAndUnindexedItems",
    "New-ComplianceSearchAction|SharePointArchiveFormat|closed|IndividualMessage|PerUserZip|SingleZip",
    "*-ComplianceSecurityFilter|Region|closed|APC|AUS|CAN|EUR|FRA|GBR|IND|JPN|LAM|NAM",
    "Get-ComplianceSecurityFilter|Action|closed|Export|Preview|Purge|Search|All",
    "New-ComplianceSecurityFilter|Action|closed|Export|Preview|Purge|Search|All",
    "Set-ComplianceSecurityFilter|Action|open|All",
    "Invoke-ComplianceSecurityFilterAction|Action|closed|GetStatus|Set",
    "New-ComplianceTag|IsRecordLabel|closed|$true|$false",
    "New-ComplianceTag|RetentionAction|closed|Delete|Keep|KeepAndDelete",
    "New-ComplianceTag|RetentionType|closed|CreationAgeInDays|EventAgeInDays|ModificationAgeInDays"
        "|TaggedAgeInDays",
    "Export-ContentExplorerData|ConfidenceLevel|closed|high|medium|low",
    "Export-ContentExplorerData|TagType|closed|Retention|SensitiveInformationType|Sensitivity|TrainableClassifier",
    "Export-ContentExplorerData|Workload|closed|EXO|Exchange|ODB|OneDrive|SPO|SharePoint|Teams",
    "Test-DataClassification|ClassificationNames|closed|Name|Id",
    "*-DlpCompliancePolicy|EnforcementPlanes|closed|Browser|CopilotExperiences|Application|Network",
    "*-DlpCompliancePolicy|Mode|closed|Enable|Disable|TestWithNotifications|TestWithoutNotifications",
    "New-DlpCompliancePolicy|ExchangeLocation|open|All",
    "New-DlpCompliancePolicy|OneDriveLocation|open|All",
    "Set-DlpCompliancePolicy|AddExchangeLocation|open|All",
    "Set-DlpCompliancePolicy|AddOneDriveLocation|open|All",
    "Set-DlpCompliancePolicy|RemoveExchangeLocation|open|All",
    "Set-DlpCompliancePolicy|RemoveOneDriveLocation|open|All",
    "*-DlpComplianceRule|AccessScope|closed|InOrganization|NotInOrganization|None",
    "*-DlpComplianceRule|BlockAccessScope|closed|All|PerUser|PerAnonymousUser",
    "*-DlpComplianceRule|ExceptIfAccessScope|closed|InOrganization|NotInOrganization|None",
    "*-DlpComplianceRule|ExceptIfFromScope|closed|InOrganization|NotInOrganization",
    "*-DlpComplianceRule|ExceptIfMessageTypeMatches|closed|ApprovalRequest|AutomaticForward|AutomaticReply"
        "|Calendaring|Encrypted|PermissionControlled|ReadReceipt|Signed",
    "*-DlpComplianceRule|ExceptIfWithImportance|closed|Low|Normal|High",
    "*-DlpComplianceRule|FromScope|closed|InOrganization|NotInOrganization",
    "*-DlpComplianceRule|MessageTypeMatches|closed|ApprovalRequest|AutomaticForward|AutomaticReply|Calendaring"
        "|Encrypted|PermissionControlled|ReadReceipt|Signed",
    "*-DlpComplianceRule|NonBifurcatingAccessScope|closed|HasInternal|HasExternal|None",
    "*-DlpComplianceRule|NotifyAllowOverride|closed|FalsePositive|WithAcknowledgement|WithoutJustification"
        "|WithJustification",
    "*-DlpComplianceRule|NotifyPolicyTipDisplayOption|closed|Tip|Dialog",
    "*-DlpComplianceRule|NotifyUserType|open|NotSet|PolicyTip",
    "*-DlpComplianceRule|NotifyUser|open|LastModifier|Owner|SiteAdmin",
    "*-DlpComplianceRule|ReportSeverityLevel|closed|None|Low|Medium|High",
    "*-DlpComplianceRule|RuleErrorAction|closed|Ignore|RetryThenBlock|$null",
    "*-DlpComplianceRule|SenderAddressLocation|closed|Header|Envelope|HeaderOrEnvelope",
    "*-DlpComplianceRule|WithImportance|closed|Low|Normal|High",
    "New-DlpComplianceRule|IncidentReportContent|closed|All|Default|DetectionDetails|Detections|DocumentAuthor"
        "|DocumentLastModifier|MatchedItem|OriginalContent|RulesMatched|Service|Severity|Title",
    "Set-DlpComplianceRule|IncidentReportContent|closed|All|Default|Detections|DocumentAuthor"
        "|DocumentLastModifier|MatchedItem|RulesMatched|Service|Severity|Title",
    "Get-DlpDetailReport|Action|closed|BlockAccess|GenerateIncidentReport|NotifyUser",
    "Get-DlpDetailReport|EventType|closed|DLPActionHits|DLPActionUndo|DLPMessages|DLPPolicyFalsePositive"
        "|DLPPolicyHits|DLPPolicyOverride|DLPRuleHits",
    "Get-DlpDetailReport|Source|closed|EXCH|ODB|SPO",
    "Get-DlpDetectionsReport|Action|closed|BlockAccess|GenerateIncidentReport|NotifyUser",
    "Get-DlpDetectionsReport|AggregateBy|closed|Hour|Day|Summary",
    "Get-DlpDetectionsReport|EventType|closed|DataRetentions|DLPActionHits|DLPActionUndo"
        "|DLPByIncidentIdActionHits|DLPByIncidentIdMessages|DLPByIncidentIdPolicyFalsePositive"
        "|DLPByIncidentIdPolicyHits|DLPByIncidentIdPolicyOverride|DLPByIncidentIdRuleHits|DLPMessages"
        "|DLPPolicyFalsePositive|DLPPolicyHits|DLPPolicyOverride|DLPRuleHits",
    "Get-DlpDetectionsReport|Source|closed|EXCH|ODB|SPO",
    "Get-DlpDetectionsReport|SummarizeBy|closed|DLPPolicy|Domain|EventType",
    "Get-DlpIncidentDetailReport|Action|closed|BlockAccess|GenerateIncidentReport|NotifyUser",
    "Get-DlpIncidentDetailReport|EventType|closed|DLPByIncidentIdActionHits|DLPByIncidentIdMessages"
        "|DLPByIncidentIdPolicyFalsePositive|DLPByIncidentIdPolicyHits|DLPByIncidentIdPolicyOverride"
        "|DLPByIncidentIdRuleHits",
    "Get-DlpIncidentDetailReport|Source|closed|EXCH|ODB|SPO|TEAMS",
    "*-DlpKeywordDictionary|MatchStyle|closed|word|string",
    "*-FeatureConfiguration|FeatureScenario|closed|KnowYourData|TrustContainer",
    "*-FeatureConfiguration|Mode|closed|Enable|Disable",
    "Get-Group|RecipientTypeDetails|closed|MailNonUniversalGroup|MailUniversalDistributionGroup"
        "|MailUniversalSecurityGroup|NonUniversalGroup|RoomList|UniversalDistributionGroup|UniversalSecurityGroup",
    "Invoke-HoldRemovalAction|Action|closed|GetHoldRemovals|GetHolds|RemoveHold",
    "*-InformationBarrierPolicy|State|closed|Inactive|Active",
    "*-Label|ApplyContentMarkingFooterAlignment|closed|Left|Center|Right",
    "*-Label|ApplyContentMarkingFooterEnabled|closed|$true|$false",
    "*-Label|ApplyContentMarkingHeaderAlignment|closed|Left|Center|Right",
    "*-Label|ApplyContentMarkingHeaderEnabled|closed|$true|$false",
    "*-Label|ApplyDynamicWatermarkingEnabled|closed|$true|$false",
    "*-Label|ApplyWaterMarkingEnabled|closed|$true|$false",
    "*-Label|ApplyWaterMarkingLayout|closed|Horizontal|Diagonal",
    "*-Label|ContentType|closed|File|Email|Site|UnifiedGroup|PurviewAssets|Teamwork|SchematizedData",
    "*-Label|EncryptionDoNotForward|closed|$true|$false",
    "*-Label|EncryptionEnabled|closed|$true|$false",
    "*-Label|EncryptionEncryptOnly|closed|$true|$false",
    "*-Label|EncryptionPromptUser|closed|$true|$false",
    "*-Label|EncryptionProtectionType|closed|Template|RemoveProtection|UserDefined",
    "*-Label|SiteAndGroupProtectionAllowAccessToGuestUsers|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionAllowEmailFromGuestUsers|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionAllowFullAccess|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionAllowLimitedAccess|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionBlockAccess|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionEnabled|closed|$true|$false",
    "*-Label|SiteAndGroupProtectionPrivacy|closed|Public|Private",
    "*-Label|SiteExternalSharingControlType|closed|ExternalUserAndGuestSharing|ExternalUserSharingOnly"
        "|ExistingExternalUserSharingOnly|Disabled",
    "*-Label|TeamsAllowMeetingChat|closed|Enabled|Disabled|Limited|$null",
    "*-Label|TeamsAllowedPresenters|closed|Everyone|Organization|Organizer|RoleIsPresenter|$null",
    "*-Label|TeamsBypassLobbyForDialInUsers|closed|$true|$false|$null",
    "*-Label|TeamsCopyRestrictionEnforced|closed|$true|$false",
    "*-Label|TeamsEndToEndEncryptionEnabled|closed|$true|$false|$null",
    "*-Label|TeamsLobbyBypassScope|closed|Everyone|Invited|Organization|OrganizationAndFederated"
        "|OrganizationExcludingGuests|Organizer|$null",
    "*-Label|TeamsLobbyRestrictionEnforced|closed|$true|$false|$null",
    "*-Label|TeamsPresentersRestrictionEnforced|closed|$true|$false|$null",
    "*-Label|TeamsProtectionEnabled|closed|$true|$false",
    "*-Label|TeamsRecordAutomatically|closed|$true|$false|$null",
    "*-Label|TeamsVideoWatermark|closed|None|EnabledForContentSharing|EnabledForVideo|$null",
    "*-Label|TeamsWhoCanRecord|closed|Organizer|Coorganizers|Presenters|$null",
    "Get-MailDetailEncryptionReport|AggregateBy|closed|Hour|Day|Summary",
    "Get-MailDetailEncryptionReport|Direction|closed|Inbound|Outbound",
    "Get-MailDetailEncryptionReport|EventType|closed|EncryptionManual|EncryptionPolicy",
    "Get-MailFilterListReport|SelectionTarget|closed|Actions|DlpPolicy|DlpRule|Domain|EventTypes"
        "|FindOnPremConnector|TransportRule",
    "Get-MailTrafficEncryptionReport|AggregateBy|closed|Hour|Day|Summary",
    "Get-MailTrafficEncryptionReport|Direction|closed|Inbound|Outbound",
    "Get-MailTrafficEncryptionReport|EventType|closed|EncryptionManual|EncryptionPolicy",
    "Get-MailTrafficEncryptionReport|SummarizeBy|closed|Action|Domain|EventType",
    "Set-PolicyConfig|ClassificationScheme|closed|Default|V0_AggregatedOnly|V1_DetailedResults",
    "Set-PolicyConfig|DocumentIsUnsupportedSeverity|closed|Low|Medium|High|None|Informational|Information",
    "Set-PolicyConfig|InformationBarrierMode|closed|SingleSegment|MultiSegment",
    "Set-PolicyConfig|InformationBarrierPeopleSearchRestriction|closed|Enabled|Disabled",
    "Set-PolicyConfig|OnPremisesWorkload|closed|None|Exchange|SharePoint|Intune|OneDriveForBusiness|PublicFolder"
        "|SharePointOnPremises|ExchangeOnPremises|AuditAlerting|Skype|ModernGroup|DynamicScope|Teams"
        "|UnifiedAuditAzure|EndpointDevices|ThirdPartyApps|OnPremisesScanner",
    "Set-PolicyConfig|ProcessingLimitExceededSeverity|closed|Low|Medium|High|None|Informational|Information",
    "Set-PolicyConfig|RuleErrorAction|closed|Ignore|RetryThenBlock",
    "Set-PolicyConfig|SenderAddressLocation|closed|Header|Envelope|HeaderOrEnvelope",
    "*-ProtectionAlert|AggregationType|closed|None|SimpleAggregation|AnomalousAggregation",
    "*-ProtectionAlert|AlertBy|closed|Activity|Malware",
    "*-ProtectionAlert|Category|closed|AccessGovernance|ComplianceManager|DataGovernance|MailFlow|Others"
        "|PrivacyManagement|Supervision|ThreatManagement",
    "*-ProtectionAlert|Severity|closed|Low|Medium|High",
    "New-ProtectionAlert|ThreatType|closed|Activity|Malware",
    "Check-PurviewConfig|Component|closed|DLP|DLPAlerts|Encryption|MIPLabels",
    "Check-PurviewConfig|Theme|closed|EnabledEntities|EvaluationDetails|LicenseAvailability",
    "Export-PurviewConfig|Components|closed|ClassificationAndTextExtraction|DLM|DLP|MIPLabels",
    "Delete-QuarantineMessage|EntityType|closed|Email|SharePointOnline|Teams|DataLossPrevention",
    "Export-QuarantineMessage|EntityType|closed|Email|SharePointOnline|Teams|DataLossPrevention",
    "Get-QuarantineMessage|Direction|closed|Inbound|Outbound",
    "Get-QuarantineMessage|EntityType|closed|Email|SharePointOnline|Teams|DataLossPrevention",
    "Get-QuarantineMessage|PolicyTypes|closed|AntiMalwarePolicy|AntiPhishPolicy|DataLossPreventionRule"
        "|ExchangeTransportRule|HostedContentFilterPolicy|SafeAttachmentPolicy",
    "Get-QuarantineMessage|QuarantineTypes|closed|Bulk|DataLossPrevention|FileTypeBlock|HighConfPhish|Malware"
        "|Phish|Spam|SPOMalware|TransportRule",
    "Get-QuarantineMessage|ReleaseStatus|closed|Approved|Denied|Error|NotReleased|PreparingToRelease|Released"
        "|Requested",
    "Get-QuarantineMessage|Reported|closed|$true|$false",
    "Get-QuarantineMessage|TeamsConversationTypes|closed|Channel|Chat",
    "Get-QuarantineMessage|Type|closed|Bulk|DataLossPrevention|HighConfPhish|Malware|Phish|Spam|SPOMalware"
        "|TransportRule",
    "Preview-QuarantineMessage|EntityType|closed|Email|SharePointOnline|Teams|DataLossPrevention",
    "Release-QuarantineMessage|ActionType|closed|Deny|Release|Request",
    "Get-QuarantineMessageHeader|EntityType|closed|Email|SharePointOnline|Teams|DataLossPrevention",
    "Get-Recipient|AuthenticationType|closed|Federated|Managed",
    "Get-Recipient|RecipientTypeDetails|closed|DiscoveryMailbox|DynamicDistributionGroup|EquipmentMailbox"
        "|GroupMailbox|GuestMailUser|LegacyMailbox|LinkedMailbox|LinkedRoomMailbox|MailContact|MailForestContact"
        "|MailNonUniversalGroup|MailUniversalDistributionGroup|MailUniversalSecurityGroup|MailUser|PublicFolder"
        "|PublicFolderMailbox|RemoteEquipmentMailbox|RemoteRoomMailbox|RemoteSharedMailbox|RemoteTeamMailbox"
        "|RemoteUserMailbox|RoomList|RoomMailbox|SchedulingMailbox|SharedMailbox|SharedWithMailUser|TeamMailbox"
        "|UserMailbox",
    "Get-Recipient|RecipientType|closed|DynamicDistributionGroup|MailContact|MailNonUniversalGroup"
        "|MailUniversalDistributionGroup|MailUniversalSecurityGroup|MailUser|PublicFolder|UserMailbox",
    "*-RetentionComplianceRule|ExpirationDateOption|closed|CreationAgeInDays|ModificationAgeInDays",
    "*-RetentionComplianceRule|RetentionComplianceAction|closed|Delete|Keep|KeepAndDelete",
    "*-RetentionComplianceRule|RetentionDurationDisplayHint|closed|Days|Months|Years",
    "*-RetentionComplianceRule|RetentionDuration|open|Unlimited",
    "Get-SecurityPrincipal|Types|closed|Computer|GlobalSecurityGroup|Group|UniversalSecurityGroup|User"
        "|WellknownSecurityPrincipal",
    "Set-SensitiveInformationScan|Mode|closed|Enable|Disable|TestWithNotifications|TestWithoutNotifications"
        "|PendingDeletion",
    "Set-SensitiveInformationScan|RemoveExchangeLocation|open|All",
    "*-SensitiveInformationScanRule|Workload|closed|Applications|AuditAlerting|AWS|Azure|AzureBatch|Copilot"
        "|DynamicScope|EndpointDevices|Exchange|ExchangeOnPremises|Intune|ModernGroup|OneDriveForBusiness"
        "|OnPremisesScanner|PowerBI|PublicFolder|SharePoint|SharePointOnPremises|Skype|Substrate|Teams|ThirdPartyApps"
        "|UnifiedAuditAzure",
    "*-TenantAllowBlockListItems|ListSubType|closed|AdvancedDelivery|Tenant",
    "*-TenantAllowBlockListItems|ListType|closed|FileHash|Sender|Url|IP",
    "Get-TenantAllowBlockListItems|Entry|closed|FileHash|Sender|Url|IP",
    "*-TenantAllowBlockListSpoofItems|Action|closed|Allow|Block",
    "*-TenantAllowBlockListSpoofItems|SpoofType|closed|External|Internal",
    "*-UnifiedAuditLogRetentionPolicy|RetentionDuration|closed|ThreeMonths|SixMonths|NineMonths|TwelveMonths"
        "|TenYears",
    "Get-User|RecipientTypeDetails|closed|DisabledUser|DiscoveryMailbox|EquipmentMailbox|GuestMailUser"
        "|GroupMailbox|LegacyMailbox|LinkedMailbox|LinkedRoomMailbox|LinkedUser|MailUser|PublicFolderMailbox"
        "|RemoteEquipmentMailbox|RemoteRoomMailbox|RemoteSharedMailbox|RemoteTeamMailbox|RemoteUserMailbox"
        "|RoomMailbox|SchedulingMailbox|SharedMailbox|SharedWithMailUser|TeamMailbox|User|UserMailbox",
};

/* Untyped parameters that take several values (the reference's MultiValuedProperty). A leading '~' stands for the end of a
   name, since locations, scopes and words come in dozens of forms. */
static const char *const list_names[] = {
    "~Location", "~LocationException", "~AdaptiveScopes", "~AdaptiveScopesException", "~ContainsWords", "~MatchesPatterns",
    "~MatchesWords", "~DomainIs", "~ExtensionIs", "~IPRanges", "~FileTypeMatches", "~SentTo", "~DocumentCreatedBy",
    "~LocationTypes", "~Labels", "~Members", "~Reviewers", "~RevieweeIs", "ExceptIfFrom", "From", "Actor", "AdministrativeUnits",
    "AlertBy", "AlertFor", "Applications", "Capabilities", "CmdletParameters", "Components", "Conditions",
    "DlpCompliancePolicy", "DlpComplianceRule", "Domain", "EnforcementPlanes", "Entries", "EventTags", "ExclusionList",
    "Filters", "Fingerprints", "GenerateAlert", "GenerateIncidentReport", "Ids", "LabelActions", "LocaleSettings",
    "MachineLearningModelIDs", "MessageId", "MessageTraceId", "NotifyPolicyTipCustomTextTranslations", "NotifyUser",
    "Operation", "Operations", "Policies", "PolicyRBACScopes", "RecordTypes", "RemoveHeader", "Roles", "ScriptParameters",
    "SegmentsAllowed", "SegmentsBlocked", "SelectionTarget", "SensitiveType", "SetHeader", "SharedByIRMUserRisk",
    "SummarizeBy", "TargetGroups", "TestCases", "Types", "UserIds", "Users",
};

/* Untyped parameters that are points in time. */
static const char *const date_names[] = {
    "ActivationDate", "BeginDateTime", "ContentCreatedOrUpdatedDateFrom", "ContentCreatedOrUpdatedDateTo",
    "ContentDateFrom", "ContentDateTo", "EndDate", "EndDateTime", "EndExpiresDate", "EndReceivedDate", "EndTime",
    "EventDateTime", "ExpirationDate", "ExpiryDate", "NotifyUserSuppressionExpiryDate", "StartDate", "StartExpiresDate",
    "StartReceivedDate", "StartTime",
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static bool name_listed(const char *const *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        struct str entry = str_of(names[i]);
        if (entry.data[0] == '~' ? str_ends_nocase(name, str_from(entry, 1)) : str_eq_nocase(name, entry))
            return true;
    }
    return false;
}

static bool covers(struct str pattern, const struct cmdlet *cmdlet)
{
    if (pattern.len > 2 && pattern.data[0] == '*')
        return str_eq_nocase(str_from(pattern, 2), cmdlet->noun);
    return str_is_nocase(pattern, cmdlet->name);
}

static void take_values(struct parameter *parameter, struct str row)
{
    struct str value;
    bool more = true;
    /* From nothing, as the count is: wants_values lets only parameters without values through. */
    size_t capacity = 0;
    while (more) {
        more = str_cut(&row, '|', &value);
        MEM_ROOM(parameter->values, parameter->value_count, capacity);
        parameter->values[parameter->value_count++] = str_dup(value);
    }
}

/* Only where the service left the values open, and never on numbers, switches and the like. */
static bool wants_values(const struct parameter *parameter)
{
    return parameter->value_count == 0
        && (parameter->type == TYPE_UNTYPED || parameter->type == TYPE_STRING || parameter->type == TYPE_STRING_LIST
            || parameter->type == TYPE_OBJECT_LIST);
}

static struct parameter *exact_parameter(struct cmdlet *cmdlet, struct str name)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(name, cmdlet->parameters[i].name))
            return &cmdlet->parameters[i];
    return NULL;
}

/* Only where the service's own module left the values open: what it says itself is newer. */
static void apply_row(struct cmdlet *cmdlet, struct str row)
{
    struct str pattern, name, kind;
    str_cut(&row, '|', &pattern);
    if (!covers(pattern, cmdlet))
        return;
    str_cut(&row, '|', &name);
    str_cut(&row, '|', &kind);
    struct parameter *parameter = exact_parameter(cmdlet, name);
    /* A row for a parameter that this account does not see costs nothing. */
    if (parameter == NULL || !wants_values(parameter))
        return;
    take_values(parameter, row);
    parameter->values_closed = str_is(kind, "closed");
}

/* Names tell the type where the module does not: four parameters of ten have no type there (rest.md section 7.2). */
void known_values_apply(struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < COUNT_OF(known_values); i++)
        apply_row(cmdlet, str_of(known_values[i]));
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        struct parameter *parameter = &cmdlet->parameters[i];
        if (parameter->type != TYPE_UNTYPED)
            continue;
        struct str name = str_of(parameter->name);
        if (name_listed(date_names, COUNT_OF(date_names), name))
            parameter->type = TYPE_DATETIME;
        else
            parameter->many = name_listed(list_names, COUNT_OF(list_names), name);
    }
}
