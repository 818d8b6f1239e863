/* What is publicly known of the cmdlets Get-R to Release; the notation stands in known_table.h. Kept by hand. */
#include "catalogue/known_table.h"

/* One row is longer than ISO C promises to take; the two compilers that purvey is built with take any length. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

const char *const known_table_new[] = {
    "Get-Recipient r Identity:da Anr:t AuthenticationType:c=Federated|Managed BookmarkDisplayName:tr "
        "Capabilities:lr Filter:t IncludeBookmarkObject:br Properties:lr PropertySet:xr RecipientPreviewFilter:t "
        "RecipientType:C=DynamicDistributionGroup|MailContact|MailNonUniversalGroup|MailUniversalDistributionGroup"
        "|MailUniversalSecurityGroup|MailUser|PublicFolder|UserMailbox RecipientTypeDetails:C=DiscoveryMailbox"
        "|DynamicDistributionGroup|EquipmentMailbox|GroupMailbox|GuestMailUser|LegacyMailbox|LinkedMailbox"
        "|LinkedRoomMailbox|MailContact|MailForestContact|MailNonUniversalGroup|MailUniversalDistributionGroup"
        "|MailUniversalSecurityGroup|MailUser|PublicFolder|PublicFolderMailbox|RemoteEquipmentMailbox|RemoteRoomMailbox"
        "|RemoteSharedMailbox|RemoteTeamMailbox|RemoteUserMailbox|RoomList|RoomMailbox|SchedulingMailbox|SharedMailbox"
        "|SharedWithMailUser|TeamMailbox|UserMailbox ResultSize:u>1000 SortBy:t",
    "Get-RecordReviewNotificationTemplateConfig r",
    "Get-RegulatoryComplianceUI r",
    "Get-RetentionCompliancePolicy r Identity:da DistributionDetail:s ErrorPolicyOnly:s ExcludeTeamsPolicy:s "
        "IncludeTestModeResults:s PriorityCleanup:s RetentionRuleTypes:s TeamsPolicyOnly:s",
    "Get-RetentionComplianceRule r Identity:da Policy:d PriorityCleanup:s",
    "Get-RetentionEvent r Identity:da DomainController:tr",
    "Get-RoleGroup r Identity:da Filter:t ResultSize:u>1000 ShowPartnerLinked:s SortBy:t",
    "Get-RoleGroupMember r Identity:da ResultSize:u>1000",
    "Get-SCInsights r EndDate:T",
    "Get-ScopeAdmins ru",
    "Get-ScopeEntities ru",
    "Get-SecurityPrincipal r Identity:da Filter:t OrganizationalUnit:d ResultSize:u>1000 RoleGroupAssignable:s "
        "Types:C=Computer|GlobalSecurityGroup|Group|UniversalSecurityGroup|User|WellknownSecurityPrincipal",
    "Get-SensitiveInformationScan r Identity:da IncludeImpactAssessment:b IncludeProgressForAllActiveScans:br "
        "IncludeScanProgress:b",
    "Get-SensitiveInformationScanRule r Identity:da Policy:d",
    "Get-ServiceDomainGroup ru",
    "Get-ServiceDomainGroupStorage ru",
    "Get-ServicePrincipal r Identity:da Organization:dr",
    "Get-SupervisoryReviewActivity r EndDate:T PolicyId:t StartDate:T",
    "Get-SupervisoryReviewOverallProgressReport r EndDate:T Page:i>1[1,1000 PageSize:i>1000[1,5000 StartDate:T",
    "Get-SupervisoryReviewPolicyReport r EndDate:T Page:i>1[1,1000 PageSize:i>1000[1,5000 Policies:l StartDate:T",
    "Get-SupervisoryReviewPolicyV2 r Identity:da",
    "Get-SupervisoryReviewReport r EndDate:T Page:i>1[1,1000 PageSize:i>1000[1,5000 Policies:l Reviewers:l "
        "StartDate:T",
    "Get-SupervisoryReviewRule r Identity:da IncludeRuleXml:s Policy:d",
    "Get-SupervisoryReviewTopCasesReport r EndDate:T Page:i>1[1,1000 PageSize:i>1000[1,5000 StartDate:T",
    "Get-TeamsRetentionCompliancePolicy ru",
    "Get-TeamsRetentionComplianceRule ru",
    "Get-TenantAllowBlockListItems r ListType:c=FileHash|Sender|Url|IP Entry:c=FileHash|Sender|Url|IP "
        "NoExpiration:s Allow:s Block:s ExpirationDate:T ListSubType:C>Tenant=AdvancedDelivery|Tenant OutputJson:s",
    "Get-TenantAllowBlockListSpoofItems r Identity:da Action:c=Allow|Block SpoofType:c=External|Internal",
    "Get-ThreatResponsePolicy ru",
    "Get-ThreatResponseRule ru",
    "Get-UnifiedAuditLogRetentionPolicy r Operation:tm RecordType:x RetentionDuration:c=ThreeMonths|SixMonths"
        "|NineMonths|TwelveMonths|TenYears UserId:tm",
    "Get-User r Identity:da Filter:t PublicFolder:s RecipientTypeDetails:C=DisabledUser|DiscoveryMailbox"
        "|EquipmentMailbox|GuestMailUser|GroupMailbox|LegacyMailbox|LinkedMailbox|LinkedRoomMailbox|LinkedUser|MailUser"
        "|PublicFolderMailbox|RemoteEquipmentMailbox|RemoteRoomMailbox|RemoteSharedMailbox|RemoteTeamMailbox"
        "|RemoteUserMailbox|RoomMailbox|SchedulingMailbox|SharedMailbox|SharedWithMailUser|TeamMailbox|User"
        "|UserMailbox ResultSize:u>1000 Sortby:t",
    "Import-DlpComplianceRuleCollection cu",
    "Import-ExchangeDlpPolicy cu",
    "Import-FilePlanProperty cw RawCsv:t DomainController:tr Force:s ValidateOnly:s",
    "Install-UnifiedCompliancePrerequisite g+ ForceInitialize:s LoadOnly:s PolicyCenterSiteOwner:e",
    "Invoke-ComplianceSearchActionStep x+w Identity:dr Parameters:or Step:ir",
    "Invoke-ComplianceSecurityFilterAction x+ Action:c=GetStatus|Set EmailAddress:t PropertyName:t PropertyValue:t "
        "SiteUrl:t",
    "Invoke-HoldRemovalAction x!w Action:c=GetHoldRemovals|GetHolds|RemoveHold ExchangeLocation:t Force:s HoldId:t "
        "SharePointLocation:t",
    "Invoke-MachineAssistedTagAction x+u",
    "Migrate-DlpFingerprint g+u",
    "New-ActivityAlert cu",
    "New-AdaptiveScope c Name:t[,64c FilterConditions:h LocationType:c=Unknown|User|Group|Site RawQuery:t "
        "AdministrativeUnit:g Comment:t",
    "New-AdministrativeUnitExtension cu",
    "New-AppRetentionCompliancePolicy cw Name:t[,64c AdaptiveScopeLocation:l Applications:lp Comment:t "
        "Enabled:b>$true ExchangeLocation:l ExchangeLocationException:l Force:s ModernGroupLocation:l "
        "ModernGroupLocationException:l PolicyRBACScopes:l RestrictiveRetention:bi>$false",
    "New-AppRetentionComplianceRule c Name:t[,64c Policy:d Comment:t ContentContainsSensitiveInformation:H "
        "ContentMatchQuery:tk ExcludedItemClasses:l ExpirationDateOption:c=CreationAgeInDays|ModificationAgeInDays "
        "MachineLearningModelIDs:l RetentionComplianceAction:c=Delete|Keep|KeepAndDelete RetentionDuration:u~Unlimited "
        "RetentionDurationDisplayHint:c=Days|Months|Years",
    "New-AuditConfigurationPolicy cu",
    "New-AuditConfigurationRule cu",
    "New-AutoSensitivityLabelPolicy cw Name:t ApplySensitivityLabel:t ApplySensitivityLabelOverwriteWorkloads:x "
        "Comment:t ExceptIfOneDriveSharedBy:D ExceptIfOneDriveSharedByMemberOf:D ExchangeAdaptiveScopes:l "
        "ExchangeAdaptiveScopesException:l ExchangeLocation:l~All ExchangeSender:E ExchangeSenderException:E "
        "ExchangeSenderMemberOf:E ExchangeSenderMemberOfException:E ExternalMailRightsManagementOwner:e Force:s "
        "Locations:t Mode:c>Enable=Enable|TestWithNotifications|TestWithoutNotifications|Disable|PendingDeletion "
        "OneDriveAdaptiveScopes:l OneDriveAdaptiveScopesException:l OneDriveLocation:l OneDriveLocationException:l "
        "OneDriveSharedBy:D OneDriveSharedByMemberOf:D OverwriteLabel:b>$false PolicyRBACScopes:l "
        "PolicyTemplateInfo:hr Priority:i RemoveLabel:s SharePointAdaptiveScopes:l SharePointAdaptiveScopesException:l "
        "SharePointLocation:l SharePointLocationException:l UnifiedAuditLogEnabled:b",
    "New-AutoSensitivityLabelRule c Name:t Workload:c=Exchange|SharePoint|OneDriveForBusiness "
        "AccessScope:c=InOrganization|NotInOrganization|None ActivationDate:Tr AdvancedRule:t "
        "AnyOfRecipientAddressContainsWords:l AnyOfRecipientAddressMatchesPatterns:l Comment:t "
        "ContentContainsSensitiveInformation:H ContentExtensionMatchesWords:l ContentPropertyContainsWords:l "
        "Disabled:b>$false DocumentCreatedBy:l DocumentIsPasswordProtected:b DocumentIsUnsupported:b "
        "DocumentNameMatchesWords:l DocumentSizeOver:z ExceptIfAccessScope:c=InOrganization|NotInOrganization|None "
        "ExceptIfAnyOfRecipientAddressContainsWords:l ExceptIfAnyOfRecipientAddressMatchesPatterns:l "
        "ExceptIfContentContainsSensitiveInformation:H ExceptIfContentExtensionMatchesWords:l "
        "ExceptIfContentPropertyContainsWords:l ExceptIfDocumentCreatedBy:l ExceptIfDocumentIsPasswordProtected:b "
        "ExceptIfDocumentIsUnsupported:b ExceptIfDocumentNameMatchesWords:l ExceptIfDocumentSizeOver:z ExceptIfFrom:D "
        "ExceptIfFromAddressContainsWords:l ExceptIfFromAddressMatchesPatterns:l ExceptIfFromMemberOf:E "
        "ExceptIfHeaderMatchesPatterns:h ExceptIfProcessingLimitExceeded:b ExceptIfRecipientDomainIs:l "
        "ExceptIfSenderDomainIs:l ExceptIfSenderIPRanges:l ExceptIfSentTo:l ExceptIfSentToMemberOf:D "
        "ExceptIfSubjectMatchesPatterns:l ExpiryDate:Tr From:Dr FromAddressContainsWords:l "
        "FromAddressMatchesPatterns:l FromMemberOf:Er HeaderMatchesPatterns:h ImmutableId:gr Policy:d Priority:ir "
        "ProcessingLimitExceeded:b RecipientDomainIs:l ReportSeverityLevel:c>Low=Low|Medium|High|None|Informational"
        "|Information RuleErrorAction:c=Ignore|RetryThenBlock SenderDomainIs:l SenderIPRanges:l SentTo:l "
        "SentToMemberOf:D SourceType:t SubjectMatchesPatterns:l",
    "New-CaseHoldPolicy cw Name:t Case:t Comment:t Enabled:b>$true ExchangeLocation:l Force:s "
        "PublicFolderLocation:l SharePointLocation:l",
    "New-CaseHoldRule c Name:t Policy:d Comment:t ContentMatchQuery:tk Disabled:b>$false",
    "New-ClassificationGradingPolicy cu",
    "New-ComplianceBoundary cu",
    "New-ComplianceCase cs Name:t[,64c CaseType:c>eDiscovery=AdvancedEdiscovery|ComplianceClassifier"
        "|ComplianceWorkspace|DataInvestigation|DSR|eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy "
        "Description:t[,256c DomainController:tr ExternalId:t SecondaryCaseType:tr SourceCaseType:tr",
    "New-ComplianceCustodian cu",
    "New-ComplianceNotice cu",
    "New-ComplianceRetentionEvent c Name:t[,64c AssetId:t Comment:t DomainController:tr EventDateTime:T "
        "EventTags:l EventType:d ExchangeAssetIdQuery:t PreviewOnly:s SharePointAssetIdQuery:t",
    "New-ComplianceRetentionEventType c Name:t[,64c Comment:t",
    "New-ComplianceSearch cs Name:t AllowNotFoundExchangeLocationsEnabled:b>$false Case:t ContentMatchQuery:tk "
        "Description:t ExchangeLocation:l ExchangeLocationExclusion:l Force:s HoldNames:l IncludeOrgContent:b "
        "IncludeUserAppContent:b>$false Language:k PublicFolderLocation:l RefinerNames:lr SharePointLocation:l "
        "SharePointLocationExclusion:lr",
    "New-ComplianceSearchAction c!sw SearchName:l ActionName:t ArchiveFormat:xx EnableDedupe:br "
        "ExchangeArchiveFormat:c@E>IndividualMessage=PerUserPst|SinglePst|SingleFolderPst|IndividualMessage|PerUserZip"
        "|SingleZip Export:s@E FileTypeExclusionsForUnindexedItems:l Force:s Format:c@E=FxStream|Mime|Msg "
        "IncludeCredential:s IncludeSharePointDocumentVersions:b>$false JobOptions:ir NotifyEmail:t@E "
        "NotifyEmailCC:t@E Preview:s@P Purge:s@S PurgeType:ci@S=SoftDelete|HardDelete ReferenceActionName:tr Region:tr "
        "Report:s RetentionReport:s RetryOnError:s Scenario:c@P=AnalyzeWithZoom|General|GenerateReportsOnly|Inventory"
        "|RetentionReports|TriagePreview Scope:c=IndexedItemsOnly|UnindexedItemsOnly|BothIndexedAndUnindexedItems "
        "SearchNames:l SharePointArchiveFormat:c@E>IndividualMessage=IndividualMessage|PerUserZip|SingleZip Version:tr",
    "New-ComplianceSecurityFilter c Action:c=Export|Preview|Purge|Search|All FilterName:t Users:l "
        "Description:t[,256c Filters:lk Region:c=APC|AUS|CAN|EUR|FRA|GBR|IND|JPN|LAM|NAM",
    "New-ComplianceTag c Name:t PriorityCleanup:s RetentionAction:c=Delete|Keep|KeepAndDelete RetentionDuration:u "
        "RetentionType:c=CreationAgeInDays|EventAgeInDays|ModificationAgeInDays|TaggedAgeInDays AutoApprovalPeriod:i "
        "Comment:t ComplianceTagForNextStage:t EventType:d FilePlanProperty:t FlowId:gp Force:s IsRecordLabel:b>$false "
        "IsRecordUnlockedAsDefault:b MultiStageReviewProperty:t Notes:t Regulatory:bi ReviewerEmail:E",
    "New-CustomDlpEmailTemplate cu",
    "New-DeviceConditionalAccessPolicy c Name:t Comment:t Enabled:b>$true Force:s",
    "New-DeviceConditionalAccessRule c Policy:d TargetGroups:l AccountName:t AccountUserName:t AllowAppStore:n "
        "AllowAssistantWhileLocked:n AllowConvenienceLogon:n AllowDiagnosticSubmission:n AllowiCloudBackup:n "
        "AllowiCloudDocSync:n AllowiCloudPhotoSync:n AllowJailbroken:b AllowPassbookWhileLocked:n AllowScreenshot:n "
        "AllowSimplePassword:n AllowVideoConferencing:n AllowVoiceAssistant:n AllowVoiceDialing:n "
        "AntiVirusSignatureStatus:i AntiVirusStatus:i AppsRating:c=AllowAll|DontAllow|Rating9plus|Rating12plus"
        "|Rating17plus|$null AutoUpdateStatus:c=AutomaticCheckForUpdates|AutomaticDownloadUpdates"
        "|AutomaticUpdatesRequired|DeviceDefault|NeverCheckUpdates|$null BluetoothEnabled:n CameraEnabled:n "
        "DomainController:tr EmailAddress:t EnableRemovableStorage:n ExchangeActiveSyncHost:t "
        "FirewallStatus:c=Required|$null ForceAppStorePassword:n ForceEncryptedBackup:n "
        "MaxPasswordAttemptsBeforeWipe:i MaxPasswordGracePeriod:S MoviesRating:c=AllowAll|DontAllow|$null "
        "PasswordComplexity:i PasswordExpirationDays:i PasswordHistoryCount:i PasswordMinComplexChars:i "
        "PasswordMinimumLength:i PasswordQuality:i PasswordRequired:n PasswordTimeout:S PhoneMemoryEncrypted:n "
        "RegionRatings:c=$null|au|ca|de|fr|gb|ie|jp|nz|us RequireEmailProfile:n SmartScreenEnabled:n "
        "SystemSecurityTLS:n TVShowsRating:c=AllowAll|DontAllow|$null UserAccountControlStatus:c=$null|AlwaysNotify"
        "|NeverNotify|NotifyAppChanges|NotifyAppChangesDoNotDimdesktop WLANEnabled:n WorkFoldersSyncUrl:t",
    "New-DeviceConfigurationPolicy c Name:t Comment:t Enabled:b>$true Force:s",
    "New-DeviceConfigurationRule c Policy:d TargetGroups:l AccountName:t AccountUserName:t AllowAppStore:n "
        "AllowAssistantWhileLocked:n AllowConvenienceLogon:n AllowDiagnosticSubmission:n AllowiCloudBackup:n "
        "AllowiCloudDocSync:n AllowiCloudPhotoSync:n AllowPassbookWhileLocked:n AllowScreenshot:n "
        "AllowSimplePassword:n AllowVideoConferencing:n AllowVoiceAssistant:n AllowVoiceDialing:n "
        "AntiVirusSignatureStatus:i AntiVirusStatus:i AppsRating:c=AllowAll|DontAllow|Rating9plus|Rating12plus"
        "|Rating17plus|$null AutoUpdateStatus:c=AutomaticCheckForUpdates|AutomaticDownloadUpdates"
        "|AutomaticUpdatesRequired|DeviceDefault|NeverCheckUpdates|$null BluetoothEnabled:n CameraEnabled:n "
        "DomainController:tr EmailAddress:t EnableRemovableStorage:n ExchangeActiveSyncHost:t "
        "FirewallStatus:c=Required|$null ForceAppStorePassword:n ForceEncryptedBackup:n "
        "MaxPasswordAttemptsBeforeWipe:i MaxPasswordGracePeriod:S MoviesRating:c=AllowAll|DontAllow|$null "
        "PasswordComplexity:i PasswordExpirationDays:i PasswordHistoryCount:i PasswordMinComplexChars:i "
        "PasswordMinimumLength:i PasswordQuality:i PasswordRequired:n PasswordTimeout:S PhoneMemoryEncrypted:n "
        "RegionRatings:c=$null|au|ca|de|fr|gb|ie|jp|nz|us RequireEmailProfile:n SmartScreenEnabled:n "
        "SystemSecurityTLS:n TVShowsRating:c=AllowAll|DontAllow|$null UserAccountControlStatus:c=$null|AlwaysNotify"
        "|NeverNotify|NotifyAppChanges|NotifyAppChangesDoNotDimdesktop WLANEnabled:n WorkFoldersSyncUrl:t",
    "New-DeviceTenantPolicy c Comment:t Enabled:b>$true Force:s",
    "New-DeviceTenantRule c ApplyPolicyTo:c=ExchangeOnline|SharePointOnline|ExchangeAndSharePoint "
        "BlockUnsupportedDevices:b DomainController:tr ExclusionList:l",
    "New-DlpAIPoweredSensitiveInformationType cu",
    "New-DlpAlertTuningRule cu",
    "New-DlpCompliancePolicy cw Name:t Comment:t DisplayName:t EndpointDlpAdaptiveScopes:l "
        "EndpointDlpAdaptiveScopesException:l EndpointDlpLocation:l EndpointDlpLocationException:l "
        "EnforcementPlanes:C=Browser|CopilotExperiences|Application|Network ExceptIfOneDriveSharedBy:D "
        "ExceptIfOneDriveSharedByMemberOf:D ExchangeAdaptiveScopes:l ExchangeAdaptiveScopesException:l "
        "ExchangeLocation:l~All ExchangeSenderMemberOf:D ExchangeSenderMemberOfException:D Force:s "
        "IsFromSmartInsights:b Locations:t Mode:c>Enable=Enable|Disable|TestWithNotifications|TestWithoutNotifications "
        "OneDriveAdaptiveScopes:l OneDriveAdaptiveScopesException:l OneDriveLocation:l~All OneDriveLocationException:l "
        "OneDriveSharedBy:D OneDriveSharedByMemberOf:D OnPremisesScannerDlpLocation:l "
        "OnPremisesScannerDlpLocationException:l PolicyRBACScopes:l PolicyTemplateInfo:h PowerBIDlpLocation:l "
        "PowerBIDlpLocationException:l Priority:i[0,4 SharePointAdaptiveScopes:l SharePointAdaptiveScopesException:l "
        "SharePointLocation:l SharePointLocationException:l TeamsAdaptiveScopes:l TeamsAdaptiveScopesException:l "
        "TeamsLocation:l TeamsLocationException:l ThirdPartyAppDlpLocation:l ThirdPartyAppDlpLocationException:l "
        "ValidatePolicy:s",
    "New-DlpComplianceRule c Name:t Policy:d AccessScope:c=InOrganization|NotInOrganization|None ActivationDate:Tr "
        "AddRecipients:h AdvancedRule:t AlertProperties:h AnyOfRecipientAddressContainsWords:l "
        "AnyOfRecipientAddressMatchesPatterns:l ApplyBrandingTemplate:t ApplyHtmlDisclaimer:h AttachmentIsNotLabeled:b "
        "BlockAccess:b>$false BlockAccessScope:c=All|PerUser|PerAnonymousUser Comment:t "
        "ContentCharacterSetContainsWords:l ContentContainsSensitiveInformation:H ContentExtensionMatchesWords:l "
        "ContentFileTypeMatches:l ContentIsNotLabeled:b ContentIsShared:b ContentPropertyContainsWords:l "
        "Disabled:b>$false DisplayName:t DocumentContainsWords:l DocumentCreatedBy:l DocumentCreatedByMemberOf:D "
        "DocumentIsPasswordProtected:b DocumentIsUnsupported:b DocumentMatchesPatterns:l DocumentNameMatchesPatterns:l "
        "DocumentNameMatchesWords:l DocumentSizeOver:z EncryptRMSTemplate:d EndpointDlpRestrictions:H "
        "EnforcePortalAccess:b EvaluateRulePerComponent:b ExceptIfAccessScope:c=InOrganization|NotInOrganization|None "
        "ExceptIfAnyOfRecipientAddressContainsWords:l ExceptIfAnyOfRecipientAddressMatchesPatterns:l "
        "ExceptIfContentCharacterSetContainsWords:l ExceptIfContentContainsSensitiveInformation:H "
        "ExceptIfContentExtensionMatchesWords:l ExceptIfContentFileTypeMatches:l ExceptIfContentIsShared:b "
        "ExceptIfContentPropertyContainsWords:l ExceptIfDocumentContainsWords:l ExceptIfDocumentCreatedBy:l "
        "ExceptIfDocumentCreatedByMemberOf:D ExceptIfDocumentIsPasswordProtected:b ExceptIfDocumentIsUnsupported:b "
        "ExceptIfDocumentNameMatchesPatterns:l ExceptIfDocumentMatchesPatterns:l ExceptIfDocumentNameMatchesWords:l "
        "ExceptIfDocumentSizeOver:z ExceptIfFrom:D ExceptIfFromAddressContainsWords:l "
        "ExceptIfFromAddressMatchesPatterns:l ExceptIfFromMemberOf:E "
        "ExceptIfFromScope:c=InOrganization|NotInOrganization ExceptIfHasSenderOverride:b "
        "ExceptIfHeaderContainsWords:h ExceptIfHeaderMatchesPatterns:h ExceptIfMessageSizeOver:z "
        "ExceptIfMessageTypeMatches:c=ApprovalRequest|AutomaticForward|AutomaticReply|Calendaring|Encrypted"
        "|PermissionControlled|ReadReceipt|Signed ExceptIfProcessingLimitExceeded:b "
        "ExceptIfRecipientADAttributeContainsWords:h ExceptIfRecipientADAttributeMatchesPatterns:h "
        "ExceptIfRecipientDomainIs:l ExceptIfSenderADAttributeContainsWords:h "
        "ExceptIfSenderADAttributeMatchesPatterns:h ExceptIfSenderDomainIs:l ExceptIfSenderIPRanges:l ExceptIfSentTo:l "
        "ExceptIfSentToMemberOf:D ExceptIfSubjectContainsWords:l ExceptIfSubjectMatchesPatterns:l "
        "ExceptIfSubjectOrBodyContainsWords:l ExceptIfSubjectOrBodyMatchesPatterns:l "
        "ExceptIfUnscannableDocumentExtensionIs:l ExceptIfWithImportance:c=Low|Normal|High ExpiryDate:Tr From:D "
        "FromAddressContainsWords:l FromAddressMatchesPatterns:l FromMemberOf:E "
        "FromScope:c=InOrganization|NotInOrganization GenerateAlert:l~SiteAdmin GenerateIncidentReport:l~SiteAdmin "
        "HasActivity:x HasSenderOverride:b HeaderContainsWords:h HeaderMatchesPatterns:h ImmutableId:gr "
        "IncidentReportContent:C=All|Default|DetectionDetails|Detections|DocumentAuthor|DocumentLastModifier"
        "|MatchedItem|OriginalContent|RulesMatched|Service|Severity|Title MessageIsNotLabeled:b MessageSizeOver:z "
        "MessageTypeMatches:c=ApprovalRequest|AutomaticForward|AutomaticReply|Calendaring|Encrypted"
        "|PermissionControlled|ReadReceipt|Signed MipRestrictAccess:H Moderate:h ModifySubject:h "
        "NonBifurcatingAccessScope:c=HasInternal|HasExternal|None NotifyAllowOverride:C=FalsePositive"
        "|WithAcknowledgement|WithoutJustification|WithJustification NotifyEmailCustomSenderDisplayName:t "
        "NotifyEmailCustomSubject:t NotifyEmailCustomText:t NotifyEmailExchangeIncludeAttachment:b "
        "NotifyEmailOnedriveRemediationActions:x NotifyOverrideRequirements:x NotifyPolicyTipCustomDialog:t "
        "NotifyPolicyTipCustomText:t[,256c NotifyPolicyTipCustomTextTranslations:l "
        "NotifyPolicyTipDisplayOption:c>Tip=Tip|Dialog NotifyPolicyTipUrl:t NotifyUser:l~LastModifier|Owner|SiteAdmin "
        "NotifyUserType:x~NotSet|PolicyTip OnPremisesScannerDlpRestrictions:H PrependSubject:t Priority:i[0,7 "
        "ProcessingLimitExceeded:b Quarantine:b RecipientADAttributeContainsWords:h "
        "RecipientADAttributeMatchesPatterns:h RecipientDomainIs:l RedirectMessageTo:D RemoveHeader:l "
        "RemoveRMSTemplate:b ReportSeverityLevel:c>Low=None|Low|Medium|High RestrictAccess:H "
        "RestrictWebGrounding:b>$false RuleErrorAction:c=Ignore|RetryThenBlock|$null SenderADAttributeContainsWords:h "
        "SenderADAttributeMatchesPatterns:h SenderAddressLocation:c>Header=Header|Envelope|HeaderOrEnvelope "
        "SenderDomainIs:l SenderIPRanges:l SentTo:l SentToMemberOf:D SetHeader:hm "
        "SharedByIRMUserRisk:C=FCB9FA93-6269-4ACF-A756-832E79B36A2A|797C4446-5C73-484F-8E58-0CCA08D6DF6C"
        "|75A4318B-94A2-4323-BA42-2CA6DB29AAFE SharepointMoveToQuarantineLocation:b StopPolicyProcessing:b "
        "SubjectContainsWords:l SubjectMatchesPatterns:l SubjectOrBodyContainsWords:l SubjectOrBodyMatchesPatterns:l "
        "TriggerPowerAutomateFlow:t UnscannableDocumentExtensionIs:l ValidateRule:s WithImportance:c=Low|Normal|High",
    "New-DlpEdmSchema cw FileData:f",
    "New-DlpFingerprint c FileData:f Description:t IsExact:b ThresholdConfig:h",
    "New-DlpKeywordDictionary c FileData:f MatchStyle:c=word|string Name:t Description:t DoNotPersistKeywords:s "
        "Organization:d",
    "New-DlpSensitiveInformationType c Name:t Fingerprints:l Description:t FileData:f IsExact:b Locale:k "
        "ThresholdConfig:h",
    "New-DlpSensitiveInformationTypeRulePackage c FileData:f MigrationId:t",
    "New-DspmPolicy cu",
    "New-FeatureConfiguration c Name:t[,64c FeatureScenario:c=KnowYourData|TrustContainer Mode:c=Enable|Disable "
        "ScenarioConfig:t Comment:t Locations:t",
    "New-FilePlanPropertyAuthority c Name:t[,64c",
    "New-FilePlanPropertyCategory c Name:t[,64c",
    "New-FilePlanPropertyCitation c Name:t[,64c CitationUrl:t CitationJurisdiction:t",
    "New-FilePlanPropertyDepartment c Name:t[,64c",
    "New-FilePlanPropertyReferenceId c Name:t[,64c",
    "New-FilePlanPropertySubCategory c Name:t[,64c ParentId:d",
    "New-GlobalList cu",
    "New-HoldCompliancePolicy cw Name:t Comment:t Enabled:b>$true ExchangeLocation:l Force:s "
        "PublicFolderLocation:l SharePointLocation:l",
    "New-HoldComplianceRule c Name:t Policy:d Comment:t ContentDateFrom:T ContentDateTo:T ContentMatchQuery:tk "
        "Disabled:b>$false HoldContent:u~Unlimited HoldDurationDisplayHint:c=Days|Months|Years",
    "New-InformationBarrierPolicy c Name:t[,64c AssignedSegment:t SegmentAllowedFilter:tr SegmentsAllowed:l "
        "SegmentsBlocked:l Comment:t Force:s ModerationAllowed:b State:c>Inactive=Inactive|Active",
    "New-InsiderRiskEntityList cu",
    "New-InsiderRiskPolicy cu",
    "New-JitConfiguration cu",
    "New-Label c Name:t[,64c DisplayName:t Tooltip:t AdvancedSettings:h "
        "ApplyContentMarkingFooterAlignment:c=Left|Center|Right ApplyContentMarkingFooterEnabled:b "
        "ApplyContentMarkingFooterFontColor:t ApplyContentMarkingFooterFontName:t ApplyContentMarkingFooterFontSize:i "
        "ApplyContentMarkingFooterMargin:i ApplyContentMarkingFooterText:t "
        "ApplyContentMarkingHeaderAlignment:c=Left|Center|Right ApplyContentMarkingHeaderEnabled:b "
        "ApplyContentMarkingHeaderFontColor:t ApplyContentMarkingHeaderFontName:t ApplyContentMarkingHeaderFontSize:i "
        "ApplyContentMarkingHeaderMargin:i ApplyContentMarkingHeaderText:t ApplyDynamicWatermarkingEnabled:bp "
        "ApplyWaterMarkingEnabled:b ApplyWaterMarkingFontColor:t ApplyWaterMarkingFontName:t "
        "ApplyWaterMarkingFontSize:i ApplyWaterMarkingLayout:c=Horizontal|Diagonal ApplyWaterMarkingText:t "
        "ColumnAssetCondition:tr Comment:t Conditions:lr ContentType:c=File|Email|Site|UnifiedGroup|PurviewAssets"
        "|Teamwork|SchematizedData DefaultContentLabel:t DynamicWatermarkDisplay:tp EncryptionAipTemplateScopes:t "
        "EncryptionContentExpiredOnDateInDaysOrNever:t EncryptionDoNotForward:b EncryptionDoubleKeyEncryptionUrl:tp "
        "EncryptionEnabled:b EncryptionEncryptOnly:b EncryptionLinkedTemplateId:tr EncryptionOfflineAccessDays:i "
        "EncryptionPromptUser:b EncryptionProtectionType:c=Template|RemoveProtection|UserDefined "
        "EncryptionRightsDefinitions:x EncryptionRightsUrl:t EncryptionTemplateId:t Identity:d IsLabelGroup:s "
        "LabelActions:lr LocaleSettings:l MigrationId:tr ParentId:d SchematizedDataCondition:tr Setting:hr Settings:hr "
        "SiteAndGroupProtectionAllowAccessToGuestUsers:b SiteAndGroupProtectionAllowEmailFromGuestUsers:b "
        "SiteAndGroupProtectionAllowFullAccess:b SiteAndGroupProtectionAllowLimitedAccess:b "
        "SiteAndGroupProtectionBlockAccess:b SiteAndGroupProtectionEnabled:b SiteAndGroupProtectionLevel:xr "
        "SiteAndGroupProtectionPrivacy:c=Public|Private SiteExternalSharingControlType:c=ExternalUserAndGuestSharing"
        "|ExternalUserSharingOnly|ExistingExternalUserSharingOnly|Disabled TeamsAllowedPresenters:c=Everyone"
        "|Organization|Organizer|RoleIsPresenter|$null TeamsAllowMeetingChat:c=Enabled|Disabled|Limited|$null "
        "TeamsAllowPrivateTeamsToBeDiscoverableUsingSearch:b TeamsBypassLobbyForDialInUsers:n "
        "TeamsChannelProtectionEnabled:b TeamsChannelSharedWithExternalTenants:b "
        "TeamsChannelSharedWithPrivateTeamsOnly:b TeamsChannelSharedWithSameLabelOnly:b TeamsCopyRestrictionEnforced:b "
        "TeamsDetectSensitiveContentDuringScreenSharingEnabled:b TeamsDisableLobby:b TeamsEndToEndEncryptionEnabled:n "
        "TeamsLobbyBypassScope:c=Everyone|Invited|Organization|OrganizationAndFederated|OrganizationExcludingGuests"
        "|Organizer|$null TeamsLobbyRestrictionEnforced:n TeamsPresentersRestrictionEnforced:n "
        "TeamsProtectionEnabled:b TeamsRecordAutomatically:n TeamsVideoWatermark:c=None|EnabledForContentSharing"
        "|EnabledForVideo|$null TeamsWhoCanRecord:c=Organizer|Coorganizers|Presenters|$null",
    "New-LabelExplorerConfig cu",
    "New-LabelPolicy c Name:t[,64c Labels:l AdvancedSettings:h Comment:t ExchangeAdaptiveScopes:l "
        "ExchangeAdaptiveScopesException:l ExchangeLocation:l ExchangeLocationException:l Force:s MigrationId:tr "
        "ModernGroupLocation:l ModernGroupLocationException:lr OneDriveLocation:lr OneDriveLocationException:lr "
        "PolicyRBACScopes:l PublicFolderLocation:lr Setting:hr Settings:hr SharePointLocation:lr "
        "SharePointLocationException:lr SkypeLocation:lr SkypeLocationException:lr",
    "New-MachineAssistedTagResource cu",
    "New-OcrConfiguration cu",
    "New-OrganizationSegment c Name:t[,64c UserGroupFilter:t",
    "New-PrivacyManagementComplianceTag cu",
    "New-PrivacyManagementPolicy cu",
    "New-PrivacyManagementRule cu",
    "New-ProcessComplianceReviewRecords cu",
    "New-ProtectionAlert c Category:c=AccessGovernance|ComplianceManager|DataGovernance|MailFlow|Others"
        "|PrivacyManagement|Supervision|ThreatManagement Name:t NotifyUser:l ThreatType:c=Activity|Malware "
        "AggregationType:c>SimpleAggregation=None|SimpleAggregation|AnomalousAggregation "
        "AlertBy:C>Activity=Activity|Malware AlertFor:lr Comment:t CorrelationPolicyId:g CustomProperties:h "
        "Description:t Disabled:b>$false Filter:t LogicalOperationName:t NotificationCulture:k NotificationEnabled:b "
        "NotifyUserOnFilterMatch:b>$false NotifyUserSuppressionExpiryDate:T NotifyUserThrottleThreshold:i "
        "NotifyUserThrottleWindow:i Operation:l PrivacyManagementScopedSensitiveInformationTypes:l "
        "PrivacyManagementScopedSensitiveInformationTypesForCounting:l "
        "PrivacyManagementScopedSensitiveInformationTypesThreshold:i Severity:c=Low|Medium|High Threshold:i "
        "TimeWindow:i UseCreatedDateTime:b VolumeThreshold:i",
    "New-ProtectionCompliancePolicy cu",
    "New-ProtectionComplianceRule cu",
    "New-RetentionCompliancePolicy cw Name:t AdaptiveScopeLocation:l Applications:l Comment:t Enabled:b>$true "
        "ExchangeLocation:l ExchangeLocationException:l Force:s IsSimulation:s ModernGroupLocation:l "
        "ModernGroupLocationException:l OneDriveLocation:l OneDriveLocationException:l PolicyRBACScopes:l "
        "PolicyTemplateInfo:hr PriorityCleanup:s PublicFolderLocation:l RestrictiveRetention:bi>$false "
        "RetainCloudAttachment:bp>$false SharePointLocation:l SharePointLocationException:l "
        "SkipPriorityCleanupConfirmation:s SkypeLocation:l SkypeLocationException:lr TeamsChannelLocation:l "
        "TeamsChannelLocationException:l TeamsChatLocation:l TeamsChatLocationException:l",
    "New-RetentionComplianceRule c Name:t ApplyComplianceTag:t Policy:d PriorityCleanup:s PublishComplianceTag:t "
        "Comment:t ContentContainsSensitiveInformation:H ContentMatchQuery:tk ExcludedItemClasses:l "
        "ExpirationDateOption:c=CreationAgeInDays|ModificationAgeInDays IRMRiskyUserProfiles:t "
        "MachineLearningModelIDs:lr RetentionComplianceAction:c=Delete|Keep|KeepAndDelete "
        "RetentionDuration:u~Unlimited RetentionDurationDisplayHint:c=Days|Months|Years",
    "New-RoleGroup c Name:t[,64c Description:t DisplayName:t Force:s Id:gr Members:l Roles:D",
    "New-SensitiveInformationScan c Name:t Comment:t EndpointDlpLocation:l EndpointDlpLocationException:l "
        "ExceptIfOneDriveSharedBy:D ExceptIfOneDriveSharedByMemberOf:D ExchangeLocation:lr ExchangeSender:Er "
        "ExchangeSenderException:Er ExchangeSenderMemberOf:Dr ExchangeSenderMemberOfException:Dr OneDriveLocation:lr "
        "OneDriveLocationException:l OneDriveSharedBy:D OneDriveSharedByMemberOf:D PolicyRBACScopes:lr "
        "SharePointLocation:l SharePointLocationException:l TeamsLocation:lr TeamsLocationException:lr",
    "New-SensitiveInformationScanRule c Name:t Policy:d Workload:c=Applications|AuditAlerting|AWS|Azure|AzureBatch"
        "|Copilot|DynamicScope|EndpointDevices|Exchange|ExchangeOnPremises|Intune|ModernGroup|OneDriveForBusiness"
        "|OnPremisesScanner|PowerBI|PublicFolder|SharePoint|SharePointOnPremises|Skype|Substrate|Teams|ThirdPartyApps"
        "|UnifiedAuditAzure Comment:t ContentCreatedOrUpdatedDateFrom:T ContentCreatedOrUpdatedDateTo:T "
        "ContentExtensionMatchesWords:l ContentPropertyContainsWords:l ExceptIfContentExtensionMatchesWords:l "
        "ExceptIfContentPropertyContainsWords:l StartImpactAssessment:b",
    "New-ServiceDomainGroup cu",
    "New-ServicePrincipal c AppId:t ObjectId:t ServiceId:tx DisplayName:t Organization:dr",
    "New-SupervisoryReviewPolicyMailboxFolders cu",
    "New-SupervisoryReviewPolicyV2 c Name:t[,64c Reviewers:l Comment:t Enabled:b Force:s PolicyRBACScopes:l "
        "PreservationPeriodInDays:i UserReportingWorkloads:l",
    "New-SupervisoryReviewRule c Name:t[,64c Policy:d AdvancedRule:t CcsiDataModelOperator:t Condition:t "
        "ContentContainsSensitiveInformation:H ContentMatchesDataModel:t ContentSources:l DayXInsights:b "
        "ExceptIfFrom:l ExceptIfRecipientDomainIs:l ExceptIfRevieweeIs:l ExceptIfSenderDomainIs:l ExceptIfSentTo:l "
        "ExceptIfSubjectOrBodyContainsWords:l From:l IncludeAdaptiveScopes:l InPurviewFilter:t Ocr:b "
        "PolicyRBACScopes:l SamplingRate:i SentTo:l",
    "New-TeamsRetentionCompliancePolicy cu",
    "New-TeamsRetentionComplianceRule cu",
    "New-TenantAllowBlockListItems c Entries:l ExpirationDate:T ListType:c=FileHash|Sender|Url|IP NoExpiration:s "
        "Allow:s Block:s ListSubType:c>Tenant=AdvancedDelivery|Tenant Notes:t RemoveAfter:i~45 OutputJson:s "
        "SubmissionID:tr",
    "New-TenantAllowBlockListSpoofItems c Identity:d SendingInfrastructure:t SpoofedUser:t "
        "SpoofType:c=External|Internal Action:c=Allow|Block",
    "New-TenantWideRetentionOperation cu",
    "New-ThreatResponsePolicy cu",
    "New-ThreatResponseRule cu",
    "New-UnifiedAuditLogRetentionPolicy c Name:t[,64c Priority:i RetentionDuration:c=ThreeMonths|SixMonths"
        "|NineMonths|TwelveMonths|TenYears Description:t[,256c Operations:l RecordTypes:l UserIds:l",
    "Preview-QuarantineMessage r Identity:d EntityType:cp=Email|SharePointOnline|Teams|DataLossPrevention "
        "RecipientAddress:tm",
    "Preview-QuarantineMessageV1 ru",
    "Release-QuarantineMessage x+ Identities:D Identity:d ReleaseToAll:s User:l ActionType:c=Deny|Release|Request "
        "AllowSender:s Force:s ReportFalsePositive:s",
};
const size_t known_table_new_count = sizeof known_table_new / sizeof *known_table_new;
