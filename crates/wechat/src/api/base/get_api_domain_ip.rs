//! The addresses of the API itself.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getapidomainip.html>

crate::api::call!(GetApiDomainIp, Get, "/cgi-bin/get_api_domain_ip", Account);

pub type Request = crate::api::Nothing;

/// As for [`super::get_callback_ip`].
pub type Response = super::get_callback_ip::Response;
