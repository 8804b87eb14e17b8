// What Google's C++ makes of messages: reads lines of a full name and bytes in hex, and answers
// each with the bytes it writes itself and the values it read, as protobuf's JSON. Works by
// descriptors, so it knows no message by name.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

static std::string from_hex(const std::string &hex)
{
    std::string bytes;
    for (size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

static std::string to_hex(const std::string &bytes)
{
    std::string hex;
    for (unsigned char byte : bytes) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", byte);
        hex += digits;
    }
    return hex;
}

int main()
{
    std::string name, hex;
    for (std::string line; std::getline(std::cin, line);) {
        size_t blank = line.find(' ');
        name = line.substr(0, blank);
        hex = blank == std::string::npos ? "" : line.substr(blank + 1);
        const auto *type = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
        if (type == nullptr) {
            std::cerr << "no message is called " << name << "\n";
            return 1;
        }
        std::unique_ptr<Message> message(
            MessageFactory::generated_factory()->GetPrototype(type)->New());
        if (!message->ParseFromString(from_hex(hex))) {
            std::cout << "refused" << std::endl;
            continue;
        }
        std::string json;
        google::protobuf::util::JsonPrintOptions options;
        options.preserve_proto_field_names = true;
        if (!google::protobuf::util::MessageToJsonString(*message, &json, options).ok())
            return 1;
        std::cout << to_hex(message->SerializeAsString()) << " " << json << std::endl;
    }
    return 0;
}
